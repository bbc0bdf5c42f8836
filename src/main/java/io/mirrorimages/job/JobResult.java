package io.mirrorimages.job;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a job ended.
 *
 * @param results one for each image
 * @param plan what was carried out, with its totals; empty where nothing had to be planned
 */
public record JobResult(List<ImageResult> results, Optional<Plan> plan) {
  /** A copy of the results. */
  public JobResult {
    results = List.copyOf(results);
  }

  /** How a job ends that carries out all of a plan. */
  public static JobResult foreseen(Plan plan) {
    List<ImageResult> results = new ArrayList<>(plan.settled());
    plan.images().forEach(image -> results.add(ImageResult.unchanged(image)));
    return new JobResult(results, Optional.of(plan));
  }

  /** Whether every image is where it should be, or was not wanted. */
  public boolean isDone() {
    return results.stream().allMatch(result -> result.status().isSettled());
  }

  /** Whether the job was stopped before its end: the same job, run again, resumes. */
  public boolean isUnfinished() {
    return results.stream().anyMatch(result -> result.status() == Status.UNFINISHED);
  }

  /** The images that failed. */
  public List<ImageResult> failed() {
    return results.stream().filter(result -> result.status() == Status.FAILED).toList();
  }
}
