package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Digest;
import java.util.List;
import java.util.Optional;

/** The names of files in an OCI image layout, and of what we add. */
public final class LayoutNames {
  /** Says that a folder is an image layout, and of which version. */
  public static final String LAYOUT = "oci-layout";

  /** The list of images. */
  public static final String INDEX = "index.json";

  /** The list of a docker archive, which makes the layout loadable by {@code docker load}. */
  public static final String DOCKER_MANIFEST = "manifest.json";

  /** The list of images of a haul for containerd, of which {@link #INDEX} is a part. */
  public static final String HAULER_INDEX = "hauler-index.json";

  /** What docker 1.9 and older read in place of {@link #DOCKER_MANIFEST}. */
  public static final String DOCKER_REPOSITORIES = "repositories";

  /** The {@link Inventory}; other tools pass over it. */
  public static final String INVENTORY = "mirror-images.json";

  /** The folder of all blobs, manifests among them. */
  public static final String BLOBS = "blobs/";

  /** The folder of blobs that are not whole; readers of layouts pass over it. */
  public static final String INCOMPLETE = "incomplete/";

  /** Is in a folder while a run fills it, and after one that was killed. */
  public static final String LOCK = "mirror-images.lock";

  /** The image's full name as containerd reads it. */
  public static final String CONTAINERD_NAME = "io.containerd.image.name";

  /** The image's name by the OCI image-spec, annotations.md; skopeo picks images by it. */
  public static final String REF_NAME = "org.opencontainers.image.ref.name";

  /** What an entry is to hauler, whose images and their signatures have one name. */
  static final String HAULER_KIND = "kind";

  private static final String SIGNATURES = "dev.hauler/sigs";
  private static final String ATTESTATIONS = "dev.hauler/atts";
  private static final String SBOMS = "dev.hauler/sboms";
  private static final String REFERRERS = "dev.hauler/referrers/";

  /** What hauler 1 wrote in place of its own name. */
  private static final String EARLIER_KIND = "dev.cosignproject.cosign/";

  private static final List<String> TOP =
      List.of(
          LAYOUT, INDEX, HAULER_INDEX, DOCKER_MANIFEST, DOCKER_REPOSITORIES, INVENTORY, "blobs");

  private LayoutNames() {}

  /** The file of a blob. */
  public static String blob(Digest digest) {
    return BLOBS + digest.algorithm() + "/" + digest.hex();
  }

  /** A kind as hauler 2 writes it. */
  static String kind(String written) {
    return written.startsWith(EARLIER_KIND)
        ? "dev.hauler/" + written.substring(EARLIER_KIND.length())
        : written;
  }

  /** Whether hauler keeps something of this kind beside an image, under the image's name. */
  static boolean isAttachment(String kind) {
    return List.of(SIGNATURES, ATTESTATIONS, SBOMS).contains(kind) || kind.startsWith(REFERRERS);
  }

  /** The tag by which cosign finds what belongs to an image; empty for kinds without one. */
  static Optional<String> attachmentTag(String kind, Digest image) {
    String tag = image.algorithm() + "-" + image.hex();
    return switch (kind) {
      case SIGNATURES -> Optional.of(tag + ".sig");
      case ATTESTATIONS -> Optional.of(tag + ".att");
      case SBOMS -> Optional.of(tag + ".sbom");
      default -> Optional.empty();
    };
  }

  /**
   * The file or folder at the top of a layout whose name is that of {@code path}, or of the folder
   * it is in, as a file system takes it that knows no case; empty if there is none.
   */
  public static Optional<String> top(String path) {
    String first = path.indexOf('/') < 0 ? path : path.substring(0, path.indexOf('/'));
    return TOP.stream().filter(first::equalsIgnoreCase).findFirst();
  }

  /** What a blob is called until all of it is there. */
  public static String incomplete(Digest digest) {
    return INCOMPLETE + digest.algorithm() + "-" + digest.hex();
  }
}
