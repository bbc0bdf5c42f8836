package io.mirrorimages.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A manifest or index as the bytes it came in, and a read-only view of what they refer to. The
 * bytes are what is hashed, stored and pushed; the view is never written back. Immutable and
 * thread-safe.
 */
public final class Manifest {
  /**
   * The size up to which registries take manifests, in bytes; larger documents are refused unread.
   */
  public static final int LARGEST = 4 * 1024 * 1024;

  private final byte[] bytes;
  private final Digest digest;
  private final ManifestView view;

  private Manifest(byte[] bytes, Digest digest, ManifestView view) {
    this.bytes = bytes;
    this.digest = digest;
    this.view = view;
  }

  /**
   * Reads a document whose digest is its sha256.
   *
   * @param bytes the exact bytes; not copied, so the caller gives them away
   * @param contentType what the source says it is, which counts only where the document itself does
   *     not say it; empty if it does not say
   * @throws InvalidContentException if it is not a manifest or index, or could be taken for both
   * @throws UnsupportedManifestException if it is of schema 1 or of an unknown type
   */
  public static Manifest parse(byte[] bytes, String contentType) {
    return new Manifest(bytes, Digest.sha256(bytes), ManifestView.of(bytes, contentType));
  }

  /**
   * As {@link #parse(byte[], String)}, and refuses bytes that do not have the digest {@code
   * expected}.
   */
  public static Manifest parse(byte[] bytes, String contentType, Digest expected) {
    Digest actual = expected.ofSameAlgorithm(bytes);
    if (!actual.equals(expected)) {
      throw new InvalidContentException("the manifest has digest " + actual + ", not " + expected);
    }
    return new Manifest(bytes, expected, ManifestView.of(bytes, contentType));
  }

  /**
   * The same manifest, referring to content by the descriptors that {@code known} gives for equal
   * ones: of the images of a list many say the same, which need not be in memory for each.
   */
  public Manifest sharing(UnaryOperator<Descriptor> known) {
    return new Manifest(bytes, digest, view.sharing(known));
  }

  /** The exact bytes; callers must not change them. */
  public byte[] bytes() {
    return bytes;
  }

  /** The digest of {@link #bytes()}. */
  public Digest digest() {
    return digest;
  }

  /** The document's media type, never empty. */
  public String mediaType() {
    return view.mediaType();
  }

  /** Whether this is an index (or Docker manifest list). */
  public boolean isIndex() {
    return MediaTypes.isIndex(view.mediaType());
  }

  /** Whether it is one image that runs on some platform: no index, and no chart. */
  public boolean isContainerImage() {
    return config().filter(config -> MediaTypes.isImageConfig(config.mediaType())).isPresent();
  }

  /** The manifests that an index lists, in their order; empty for a manifest. */
  public List<Descriptor> children() {
    return view.children();
  }

  /**
   * Config first, then layers in their order; of an index the entries that are no manifests, which
   * most have none of. The same digest can occur more than once.
   */
  public List<Descriptor> blobs() {
    List<Descriptor> blobs = new ArrayList<>(view.layers().size() + 1);
    view.config().ifPresent(blobs::add);
    blobs.addAll(view.layers());
    return blobs;
  }

  /** The config of a manifest; empty for an index. */
  public Optional<Descriptor> config() {
    return view.config();
  }

  /** The same without the config. */
  public List<Descriptor> layers() {
    return view.layers();
  }

  /** What this document is a referrer of, if it says so. */
  public Optional<Descriptor> subject() {
    return view.subject();
  }

  /**
   * What kind of artifact this is: what it says itself, else its config's type, which may be empty
   * (OCI distribution-spec, "Listing Referrers"). Empty for an index that does not say.
   */
  public Optional<String> artifactType() {
    return view.artifactType().or(() -> view.config().map(Descriptor::mediaType));
  }

  /** The document's own annotations in their order; empty if there are none. Not to be changed. */
  public Map<String, String> annotations() {
    return view.annotations();
  }

  /** How others refer to this document. */
  public Descriptor descriptor() {
    return new Descriptor(mediaType(), digest, bytes.length);
  }

  /**
   * A new index with only the entries whose digest is in {@code kept}: the original descriptors and
   * all other fields as they are, in their order. The one place where a document is written instead
   * of passed on. An index that keeps every entry is this very one, unchanged.
   */
  public Manifest keepingOnly(java.util.Set<Digest> kept) {
    if (kept.containsAll(children().stream().map(Descriptor::digest).toList())) {
      return this;
    }
    return parse(ManifestView.filteredIndex(bytes, kept), mediaType());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Manifest that
        && digest.equals(that.digest)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  /** Media type and digest. */
  @Override
  public String toString() {
    return mediaType() + " " + digest;
  }
}
