package io.mirrorimages.mirror.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EachImageTest {
  private final List<ImageRequest> requests =
      IntStream.range(0, 20)
          .mapToObj(i -> Reference.parse("a/b:" + i))
          .map(name -> new ImageRequest(name, name))
          .toList();
  private final Queue<ImageResult> told = new ConcurrentLinkedQueue<>();
  private final RunListener listener =
      new RunListener() {
        @Override
        public void ended(ImageResult result) {
          told.add(result);
        }
      };

  private ImageResult skipped(int i) {
    return ImageResult.skipped(requests.get(i), Digest.sha256(new byte[0]), "not wanted");
  }

  @Test
  void resultsAreInTheOrderOfTheRequests() {
    try (Workers workers = new Workers(4)) {
      List<ImageResult> results = EachImage.in(requests, 4, workers, listener, this::skipped);

      assertThat(results).extracting(ImageResult::request).isEqualTo(requests);
      assertThat(told).containsExactlyInAnyOrderElementsOf(results);
    }
  }

  @Test
  void whatWasStoppedIsUnfinishedAndToldOnce() {
    try (Workers workers = new Workers(1)) {
      List<ImageResult> results =
          EachImage.in(
              requests,
              1,
              workers,
              listener,
              i -> {
                if (i == 4) {
                  workers.endSoon();
                }
                return skipped(i);
              });

      assertThat(results).extracting(ImageResult::request).isEqualTo(requests);
      assertThat(results.subList(0, 5))
          .extracting(ImageResult::status)
          .containsOnly(Status.SKIPPED);
      assertThat(results.subList(5, 20))
          .extracting(ImageResult::status)
          .containsOnly(Status.UNFINISHED);
      assertThat(told).containsExactlyElementsOf(results);
    }
  }
}
