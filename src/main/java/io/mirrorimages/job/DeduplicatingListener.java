package io.mirrorimages.job;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells of a second round over some of the same images what the first has not told: no image ends
 * twice.
 */
public final class DeduplicatingListener implements RunListener {
  private final RunListener listener;
  private final Set<ImageRequest> told;

  /** {@code told} are the results that {@code listener} knows. */
  public DeduplicatingListener(RunListener listener, List<ImageResult> told) {
    this.listener = listener;
    this.told = told.stream().map(ImageResult::request).collect(Collectors.toSet());
  }

  @Override
  public void on(RunEvent event) {
    boolean known =
        switch (event) {
          case RunEvent.PlanMade _ -> !told.isEmpty();
          case RunEvent.ImageEnded end -> told.contains(end.result().request());
          default -> false;
        };
    if (!known) {
      listener.on(event);
    }
  }
}
