package io.mirrorimages.mirror.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.mirror.ByteRanges;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.RandomAccessBlob;
import io.mirrorimages.mirror.stream.ResumingStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeDownloadTest {
  private static final int SIZE = 4 * 1024 * 1024;
  private static final byte[] BYTES = new byte[SIZE];

  private final Descriptor blob = new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(BYTES), SIZE);
  private final ReassembledStream arrived;
  private final Place place = new Place();

  RangeDownloadTest() {
    arrived = new ReassembledStream(blob, place, new ByteRanges());
  }

  @Test
  void isNotedEachMebibyte() throws IOException {
    place.wanted = Long.MAX_VALUE;
    download();

    assertThat(place.noted)
        .containsExactly("1048576-2097152", "1048576-3145728", "1048576-4194304");
  }

  @Test
  void whatCameBeforeNoMoreWasWantedIsNoted() throws IOException {
    place.wanted = 1_500_000;
    download();

    assertThat(place.noted).containsExactly("1048576-" + place.written);
    assertThat(place.written).isBetween(1_500_000L, 2_000_000L);
  }

  private void download() throws IOException {
    int from = 1024 * 1024;
    new RangeDownload(
            new ByteRanges.Range(from, SIZE),
            new ResumingStream(
                at -> new ByteArrayInputStream(BYTES, (int) at, (int) (SIZE - at)),
                blob,
                SIZE,
                new Retries(0, Duration.ZERO),
                RunListener.NONE),
            place,
            arrived)
        .run();
  }

  /** Nothing more is wanted once a certain byte is there. */
  private final class Place implements RandomAccessBlob {
    private final List<String> noted = new ArrayList<>();
    private long wanted;
    private long written;

    @Override
    public ByteRanges kept() {
      return new ByteRanges();
    }

    @Override
    public void write(byte[] buffer, int length, long at) {
      written = at + length;
      if (written >= wanted) {
        arrived.giveUp();
      }
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long at) {
      throw new AssertionError("nothing is read back here");
    }

    @Override
    public void note(long from, long to) {
      noted.add(from + "-" + to);
    }

    @Override
    public void complete() {}
  }
}
