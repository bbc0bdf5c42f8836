package io.mirrorimages.report.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.event.RunEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlobsInFlightTest {
  private static final Repository TARGET = new Repository("harbor.example.com", "rancher/shell");
  private static final int BLOBS = 10_000;
  private static final int SIZE = 1000;

  private final BlobsInFlight blobs = new BlobsInFlight();

  private static Descriptor blob(int number) {
    byte[] content = {(byte) (number >> 8), (byte) number};
    return new Descriptor("", Digest.sha256(content), SIZE);
  }

  @Test
  void theSumMissesNoBlobThatEnds() {
    List<Descriptor> all = IntStream.range(0, BLOBS).mapToObj(BlobsInFlightTest::blob).toList();
    for (Descriptor blob : all) {
      blobs.started(new RunEvent.BlobStarted(blob, TARGET));
      blobs.read(new RunEvent.BlobRead(blob.digest(), 0, SIZE));
    }
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(
            () ->
                all.forEach(blob -> blobs.ended(new RunEvent.BlobEnded(blob, TARGET, SIZE, true))));

    do {
      assertThat(blobs.done()).isEqualTo((long) BLOBS * SIZE);
    } while (!run.isDone());
    run.join();
  }
}
