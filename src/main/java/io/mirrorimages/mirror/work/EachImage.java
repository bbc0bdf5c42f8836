package io.mirrorimages.mirror.work;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Work on many images that ends in one result for each, told to the listener, also when it is
 * stopped in the middle.
 */
public final class EachImage {
  private EachImage() {}

  /**
   * Does {@code work} on the index of each request, at most {@code atOnce} at a time.
   *
   * @param work gives the image's result; keeps the image's failures to itself
   * @return the results in the order of the requests; {@link Status#UNFINISHED} for what was
   *     stopped
   */
  public static List<ImageResult> in(
      List<ImageRequest> requests,
      int atOnce,
      Workers workers,
      RunListener listener,
      IntFunction<ImageResult> work) {
    ImageResult[] results = new ImageResult[requests.size()];
    try {
      workers.forEach(
          IntStream.range(0, results.length).boxed().toList(),
          atOnce,
          i -> {
            results[i] = work.apply(i);
            listener.ended(results[i]);
          });
    } catch (IOException e) {
      // Only a stopped run ends here: each image keeps its failures to itself.
    }
    for (int i = 0; i < results.length; i++) {
      if (results[i] == null) {
        results[i] = ImageResult.unfinished(requests.get(i));
        listener.ended(results[i]);
      }
    }
    return List.of(results);
  }
}
