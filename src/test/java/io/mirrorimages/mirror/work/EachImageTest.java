package io.mirrorimages.mirror.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.util.List;
import java.util.Optional;
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
      event -> {
        if (event instanceof RunEvent.ImageEnded end) {
          told.add(end.result());
        }
      };

  private ImageResult skipped(int i) {
    return ImageResult.skipped(requests.get(i), Digest.sha256(new byte[0]), "not wanted");
  }

  /** One that ends at once, after {@code before}. */
  private EachImage.Job job(int i, Runnable before) {
    return new EachImage.Job() {
      @Override
      public String host() {
        return "";
      }

      @Override
      public Optional<Scheduler.Task> begin(EachImage.Result result) {
        before.run();
        return result.is(skipped(i));
      }

      @Override
      public ImageResult unfinished() {
        return ImageResult.unfinished(requests.get(i));
      }
    };
  }

  @Test
  void resultsAreInTheOrderOfTheRequests() {
    try (Scheduler scheduler = new Scheduler(4);
        TaskQueue queue = scheduler.open(4)) {
      List<ImageResult> results =
          EachImage.in(
              IntStream.range(0, 20).mapToObj(i -> job(i, () -> {})).toList(), queue, listener);

      assertThat(results).extracting(ImageResult::request).isEqualTo(requests);
      assertThat(told).containsExactlyInAnyOrderElementsOf(results);
    }
  }

  @Test
  void whatWasStoppedIsUnfinishedAndToldOnce() {
    try (Scheduler scheduler = new Scheduler(1);
        TaskQueue queue = scheduler.open(1)) {
      List<ImageResult> results =
          EachImage.in(
              IntStream.range(0, 20)
                  .mapToObj(i -> job(i, i == 4 ? scheduler::endSoon : () -> {}))
                  .toList(),
              queue,
              listener);

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
