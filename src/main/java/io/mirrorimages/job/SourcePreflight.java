package io.mirrorimages.job;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.plan.SourceCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Each source registry is tried once before its hundreds of images are: one that can't be reached,
 * or refuses the credentials, fails its images at once and with one reason.
 *
 * @param reachable the requests whose registry answers
 * @param failed the results of the others
 */
public record SourcePreflight(List<ImageRequest> reachable, List<ImageResult> failed) {

  /**
   * Tries the registries of {@code requests}; if none of them answers, throws the reason of the
   * first.
   */
  public static SourcePreflight of(JobSource.AccessCheck check, List<ImageRequest> requests)
      throws IOException {
    Map<String, Optional<IOException>> tried = new HashMap<>();
    List<ImageRequest> reachable = new ArrayList<>();
    List<ImageResult> failed = new ArrayList<>();
    IOException first = null;
    for (ImageRequest request : requests) {
      Optional<IOException> failure =
          tried.computeIfAbsent(request.source().repository().registry(), r -> failure(check, r));
      if (failure.isEmpty()) {
        reachable.add(request);
      } else {
        first = first == null ? failure.get() : first;
        failed.add(ImageResult.failed(request, Optional.empty(), failure.get()));
      }
    }
    if (reachable.isEmpty() && first != null) {
      throw SourceCheck.noneUsable(first, tried.size());
    }
    return new SourcePreflight(reachable, failed);
  }

  private static Optional<IOException> failure(JobSource.AccessCheck check, String registry) {
    try {
      check.run(registry);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }
}
