package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Digest;

/** The names of files in an OCI image layout, and of what we add. */
public final class LayoutNames {
  /** Says that a folder is an image layout, and of which version. */
  public static final String LAYOUT = "oci-layout";

  /** The list of images. */
  public static final String INDEX = "index.json";

  /** The list of a docker archive, which makes the layout loadable by {@code docker load}. */
  public static final String DOCKER_MANIFEST = "manifest.json";

  /** The {@link Inventory}; other tools pass over it. */
  public static final String INVENTORY = "mirror-images.json";

  /** The folder of all blobs, manifests among them. */
  public static final String BLOBS = "blobs/";

  /** The image's full name as containerd reads it. */
  public static final String CONTAINERD_NAME = "io.containerd.image.name";

  /** The image's name by the OCI image-spec, annotations.md; skopeo picks images by it. */
  public static final String REF_NAME = "org.opencontainers.image.ref.name";

  private LayoutNames() {}

  /** The file of a blob. */
  public static String blob(Digest digest) {
    return BLOBS + digest.algorithm() + "/" + digest.hex();
  }

  /** What a blob's region is called until all of it is there; readers of layouts pass over it. */
  public static String incomplete(Digest digest) {
    return "incomplete/" + digest.algorithm() + "-" + digest.hex();
  }
}
