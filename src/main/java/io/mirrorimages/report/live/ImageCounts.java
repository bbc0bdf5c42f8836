package io.mirrorimages.report.live;

import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.report.FamiliarName;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many images have come to their end, and which are under way. Thread-safe. */
final class ImageCounts {
  private final LongAdder ended = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder waiting = new LongAdder();
  private final Map<Repository, Set<ImageRequest>> underWay = new ConcurrentHashMap<>();

  void started(ImageRequest request) {
    underWay
        .computeIfAbsent(request.target().repository(), r -> ConcurrentHashMap.newKeySet())
        .add(request);
  }

  void ended(ImageResult result) {
    ended.increment();
    if (result.status() == Status.FAILED) {
      failed.increment();
    } else if (result.status() == Status.WAITING) {
      waiting.increment();
    }
    Set<ImageRequest> here = underWay.get(result.request().target().repository());
    if (here != null) {
      here.remove(result.request());
    }
  }

  long ended() {
    return ended.sum();
  }

  long failed() {
    return failed.sum();
  }

  /** Those that need something else first, such as another volume. */
  long waiting() {
    return waiting.sum();
  }

  /**
   * What a blob is shown by that goes to a repository of the target: the image that is under way
   * there, or the repository alone if there are several.
   */
  String name(Repository target) {
    Set<ImageRequest> here = underWay.getOrDefault(target, Set.of());
    return here.size() == 1
        ? here.stream()
            .findFirst()
            .map(request -> FamiliarName.of(request.source()))
            .orElseGet(target::path)
        : here.stream()
            .findFirst()
            .map(request -> request.source().repository().path())
            .orElseGet(target::path);
  }
}
