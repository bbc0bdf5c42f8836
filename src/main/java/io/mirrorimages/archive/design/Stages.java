package io.mirrorimages.archive.design;

import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * In how many stages an archive got its layout: the first run lays out all images that it can plan,
 * later ones put behind them those that could not be planned before. A part of what the layout is a
 * function of.
 *
 * @param room for how many images the JSON files at the front have room, beyond those of the first
 *     stage
 * @param images how many images each stage laid out; together those of the plan, in its order
 */
public record Stages(int room, List<Integer> images) {
  /** Copies the list; {@link IllegalArgumentException} if a number is impossible. */
  public Stages {
    images = List.copyOf(images);
    if (room < 0 || images.isEmpty() || images.stream().anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException("no stages of an archive: " + room + " " + images);
    }
  }

  /** All images at once, and no others to come. */
  public static Stages one(int images) {
    return new Stages(0, List.of(images));
  }

  /** The first stage of what a plan wants: room is kept for images that failed to be planned. */
  public static Stages first(Plan plan) {
    long failed = plan.settled().stream().filter(r -> r.status() == Status.FAILED).count();
    return new Stages((int) failed, List.of(plan.images().size()));
  }

  /** The same with one more stage. */
  public Stages then(int further) {
    List<Integer> all = new ArrayList<>(images);
    all.add(further);
    return new Stages(room, all);
  }

  /** How many images there are after each stage. */
  List<Integer> totals() {
    List<Integer> totals = new ArrayList<>();
    int sum = 0;
    for (int count : images) {
      sum += count;
      totals.add(sum);
    }
    return totals;
  }
}
