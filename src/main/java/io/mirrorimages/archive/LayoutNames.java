package io.mirrorimages.archive;

import io.mirrorimages.image.Digest;

/** The names of files in an OCI image layout, and of what we add. */
final class LayoutNames {
  static final String LAYOUT = "oci-layout";
  static final String INDEX = "index.json";

  /** The list of a docker archive, which makes the layout loadable by {@code docker load}. */
  static final String DOCKER_MANIFEST = "manifest.json";

  /** The {@link Inventory}; other tools pass over it. */
  static final String INVENTORY = "mirror-images.json";

  static final String BLOBS = "blobs/";

  /** The image's full name as containerd reads it. */
  static final String CONTAINERD_NAME = "io.containerd.image.name";

  /** The image's name by the OCI image-spec, annotations.md; skopeo picks images by it. */
  static final String REF_NAME = "org.opencontainers.image.ref.name";

  private LayoutNames() {}

  static String blob(Digest digest) {
    return BLOBS + digest.algorithm() + "/" + digest.hex();
  }

  /** What a blob's region is called until all of it is there; readers of layouts pass over it. */
  static String incomplete(Digest digest) {
    return "incomplete/" + digest.algorithm() + "-" + digest.hex();
  }
}
