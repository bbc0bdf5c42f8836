package io.mirrorimages.archive.format.docker;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;

/**
 * A compressed layer whose plain bytes have a digest that the config says (its DiffID): a container
 * engine refuses one that contradicts it. Decompressed once, before it is read first, which no
 * reader sees otherwise than by the time that takes. Thread-safe.
 */
final class CheckedLayer implements StoredContent {
  private final StoredContent layer;
  private final Digest digest;
  private final Digest diffId;
  private final PlainDigest plain;
  private final ArchiveErrors errors;
  private Optional<String> fault = Optional.empty();
  private boolean checked;

  /** Computes the digest of the plain bytes. */
  @FunctionalInterface
  interface PlainDigest {
    Digest compute() throws IOException;
  }

  /**
   * Checks nothing yet.
   *
   * @param layer as it lies in the archive
   * @param digest that of its bytes as they are
   * @param diffId what the config says that its plain bytes have
   */
  CheckedLayer(
      StoredContent layer, Digest digest, Digest diffId, PlainDigest plain, ArchiveErrors errors) {
    this.layer = layer;
    this.digest = digest;
    this.diffId = diffId;
    this.plain = plain;
    this.errors = errors;
  }

  @Override
  public long size() {
    return layer.size();
  }

  @Override
  public InputStream open(long offset) throws IOException {
    check();
    return layer.open(offset);
  }

  private synchronized void check() throws IOException {
    if (!checked) {
      fault = find();
      checked = true;
    }
    if (fault.isPresent()) {
      throw errors.damaged("layer " + digest + ", " + fault.get());
    }
  }

  private Optional<String> find() throws IOException {
    try {
      Digest found = plain.compute();
      return found.equals(diffId)
          ? Optional.empty()
          : Optional.of("which is " + found + " decompressed where its config says " + diffId);
    } catch (InterruptedIOException | TransferException e) {
      throw e;
    } catch (IOException e) {
      return Optional.of("which can't be decompressed");
    }
  }
}
