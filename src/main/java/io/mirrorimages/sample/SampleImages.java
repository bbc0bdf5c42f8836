package io.mirrorimages.sample;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.ImageSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sample images: about 3 MB in memory, the same bytes on every machine. Among them are shared
 * layers, an index of two platforms with an attestation, a Docker manifest list, a Docker schema 2
 * image, a Helm chart, and a manifest whose text no JSON library would write. Immutable and
 * thread-safe.
 */
public final class SampleImages implements ImageSource {
  private final Map<Repository, SampleBlobStore> shelves;
  private final List<Reference> names;

  SampleImages(Map<Repository, SampleBlobStore> shelves, List<Reference> names) {
    this.shelves = Map.copyOf(shelves);
    this.names = List.copyOf(names);
  }

  /**
   * Makes them, in a second or two. No network is used; a temporary folder is, and removed.
   *
   * @throws IOException if the temporary folder can't be written, or the thread is interrupted
   */
  public static SampleImages create() throws IOException {
    try (ImageMaker maker = new ImageMaker()) {
      return SampleSet.make(maker);
    }
  }

  /** The names of the images, in the order of their list. */
  public List<Reference> names() {
    return names;
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    return Optional.of(manifest(image).digest());
  }

  @Override
  public Manifest manifest(Reference image) throws IOException {
    return Optional.ofNullable(shelves.get(image.repository()))
        .flatMap(shelf -> shelf.manifest(image))
        .orElseThrow(() -> missing(image.toString()));
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) {
    return content(repository, blob).isPresent();
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    byte[] content =
        content(repository, blob).orElseThrow(() -> missing(repository + "@" + blob.digest()));
    int from = Math.toIntExact(offset);
    return new ByteArrayInputStream(content, from, content.length - from);
  }

  private Optional<byte[]> content(Repository repository, Descriptor blob) {
    return Optional.ofNullable(shelves.get(repository))
        .flatMap(shelf -> shelf.blob(blob.digest()))
        .filter(content -> content.length == blob.size());
  }

  private static TransferException missing(String what) {
    return new TransferException(FailureKind.MISSING, what + " is not among the sample images");
  }
}
