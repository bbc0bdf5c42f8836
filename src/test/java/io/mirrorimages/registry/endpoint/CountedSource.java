package io.mirrorimages.registry.endpoint;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobPart;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.RangeSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A source that counts the bytes of blobs as they are read. Thread-safe. */
final class CountedSource extends ForwardingImageSource implements RangeSource {
  private final RangeSource ranges;
  private final Semaphore arrived;

  /**
   * @param arrived gets a permit for each byte
   */
  CountedSource(ImageSource source, Semaphore arrived) {
    super(source);
    this.ranges = RangeSource.of(source);
    this.arrived = arrived;
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    return counted(super.open(repository, blob, offset));
  }

  @Override
  public Optional<BlobPart> part(Repository repository, Descriptor blob, long from, long to)
      throws IOException {
    return ranges
        .part(repository, blob, from, to)
        .map(part -> new BlobPart(counted(part.content()), part.end()));
  }

  @Override
  public void wasDamaged(Descriptor blob) {
    ranges.wasDamaged(blob);
  }

  private InputStream counted(InputStream content) {
    return new FilterInputStream(content) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        arrived.release(Math.max(0, count));
        return count;
      }
    };
  }
}
