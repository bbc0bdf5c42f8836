package io.mirrorimages.report.live;

import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the view shows, as of now. Events come from the threads that copy, and cost them no more
 * than a counter. Thread-safe.
 */
final class LiveState implements RunListener {
  private final Phases phases = new Phases();
  private final ImageCounts images = new ImageCounts();
  private final BlobsInFlight blobs = new BlobsInFlight();
  private final CurrentWaits waits;
  private final AtomicLong total = new AtomicLong();
  private final int all;
  private volatile Stage stage = Stage.PREPARING;
  private volatile Optional<RunEvent.UnpackingAdvanced> unpacking = Optional.empty();

  /** What is done with the images. */
  enum Stage {
    PREPARING("preparing"),
    COPYING("copying"),
    VERIFYING("verifying"),
    STOPPING("stopping");

    private final String label;

    Stage(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /**
   * @param all how many images the run has
   */
  LiveState(int all, Clock clock) {
    this.all = all;
    this.waits = new CurrentWaits(clock);
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.BlobRead read -> blobs.read(read);
      case RunEvent.BlobStarted start -> blobs.started(start);
      case RunEvent.BlobEnded end -> blobs.ended(end);
      case RunEvent.StepsAdded added -> phases.added(added.phase(), added.steps());
      case RunEvent.StepEnded step -> phases.ended(step.phase());
      case RunEvent.ImageStarted start -> {
        images.started(start.request());
        if (stage == Stage.PREPARING) {
          // Only a check has no plan.
          stage = Stage.VERIFYING;
        }
      }
      case RunEvent.ImageEnded end -> images.ended(end.result());
      case RunEvent.PlanMade made -> {
        total.addAndGet(made.plan().totals().toMove());
        if (stage == Stage.PREPARING) {
          stage = Stage.COPYING;
        }
      }
      case RunEvent.Waiting waiting -> waits.on(waiting.details());
      case RunEvent.Unpacking now ->
          unpacking =
              Optional.of(new RunEvent.UnpackingAdvanced(now.archive(), now.bytes(), now.size()));
      case RunEvent.UnpackingAdvanced now -> unpacking = Optional.of(now);
      default -> {
        // Nothing that is shown.
      }
    }
  }

  /** The run is being stopped: what is under way is parked. */
  void stopping() {
    stage = Stage.STOPPING;
  }

  Stage stage() {
    return stage;
  }

  /** How many images the run has. */
  int all() {
    return all;
  }

  /** How many bytes the plans ask for; 0 before the first one, and in a check. */
  long total() {
    return total.get();
  }

  /** The archive that is unpacked now, or was last; empty if none was while this is shown. */
  Optional<RunEvent.UnpackingAdvanced> unpacking() {
    return unpacking;
  }

  /** How many bytes were read, which tells how fast it goes. */
  long read() {
    return unpacking.isPresent() ? unpacking.get().bytes() : blobs.read();
  }

  Phases phases() {
    return phases;
  }

  ImageCounts images() {
    return images;
  }

  BlobsInFlight blobs() {
    return blobs;
  }

  CurrentWaits waits() {
    return waits;
  }
}
