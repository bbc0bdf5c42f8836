package io.mirrorimages.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.benchmark.Results.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalTest {
  private static final Subject WALL = new Subject("many", Goals.SYNC, Goals.WALL);

  private final Results results = new Results();

  @Test
  void theMedianOfOursIsComparedWithThatOfTheFastestPeer() {
    add("mirror-images", 9, 1, 3);
    add("skopeo", 10, 5, 20);
    add("crane", 6, 6, 6, 7);
    Goal goal = Goal.ratio(WALL, List.of("skopeo", "crane", "hauler"), "the fastest peer", 0.5);

    assertThat(goal.value(results)).hasValue(0.5);
    assertThat(goal.isMet(results)).contains(true);
    assertThat(goal).hasToString("<= 0.5 x the fastest peer");
  }

  @Test
  void aGoalIsMissedAboveItAndBelowIt() {
    add("mirror-images", 0.98);
    Goal written = new Goal(WALL, List.of(), "", 1, 1.01);

    assertThat(written.isMet(results)).contains(false);
    assertThat(Goal.atMost(WALL, 0.9).isMet(results)).contains(false);
    assertThat(Goal.atMost(WALL, 0.98).isMet(results)).contains(true);
  }

  @Test
  void nothingIsSaidOfWhatWasNotMeasured() {
    add("mirror-images", 1);

    assertThat(Goal.ratio(WALL, List.of("skopeo"), "skopeo", 1).isMet(results)).isEmpty();
  }

  @Test
  void aToolThatFailedMissesItsGoalAndIsNoFastestPeer() {
    add("mirror-images", Results.FAILED, 1, Results.FAILED);
    add("skopeo", Results.FAILED);
    add("crane", 2);
    Table table = new Table(results, List.of("mirror-images", "skopeo", "crane"));
    table.add(Goal.ratio(WALL, List.of("skopeo", "crane"), "the fastest peer", 0.5));

    assertThat(table.missed()).isEqualTo(1);
    assertThat(table.toString())
        .containsSubsequence("failed", "failed", "2.000", "failed", "MISSED");
    assertThat(Goal.ratio(WALL, List.of("skopeo"), "skopeo", 1).isMet(results)).isEmpty();
  }

  @Test
  void theTableShowsMediansAndCountsWhatIsMissed() {
    add("mirror-images", 1, 2);
    add("skopeo", 1, 1);
    Table table = new Table(results, List.of("mirror-images", "skopeo"));
    table.add(Goal.ratio(WALL, List.of("skopeo"), "skopeo", 1));
    table.add(Goal.atMost(new Subject("large", Goals.SYNC, Goals.WALL), 1));

    assertThat(table.missed()).isEqualTo(1);
    assertThat(table.toString().lines())
        .hasSize(3)
        .last()
        .asString()
        .containsSubsequence(
            "many", "sync, cold", "2", "1.500", "1.000", "<= 1 x skopeo", "MISSED");
  }

  private void add(String tool, double... figures) {
    for (double figure : figures) {
      results.add(WALL, tool, figure);
    }
  }
}
