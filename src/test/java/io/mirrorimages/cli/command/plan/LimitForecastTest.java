package io.mirrorimages.cli.command.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Account;
import io.mirrorimages.mirror.RateLimitStatus.Turn;
import io.mirrorimages.registry.limit.HostBudgets;
import io.mirrorimages.testing.TestImages;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LimitForecastTest {
  private final TestImages images = new TestImages();
  private final List<PlannedImage> planned =
      List.of(image("one.example.com/a:1", "a"), image("two.example.com/b:1", "b"));

  private PlannedImage image(String name, String content) {
    return images.plan(
        name, images.image(TestImages.AMD64, images.layer(content, 900), images.layer("s", 100)));
  }

  private static Plan plan(List<PlannedImage> images) {
    return new Plan(images, List.of(), Plan.Totals.of(images, Set.of(), Set.of()));
  }

  @Test
  void requestsBeyondTheFirstWindowWait() {
    HostBudgets budgets = HostBudgets.none().with("one.example.com:requests=2/h");

    // The manifest, its config and two layers.
    assertThat(LimitForecast.budgets(plan(planned), Repository::registry, budgets))
        .containsExactly(
            "limit                one.example.com requests=2/h: 4 requests: at least 1 h 00 min");
  }

  @Test
  void contentThatTwoHostsHaveCountsOnceAndAMirrorByItsOwnLimit() {
    HostBudgets budgets = HostBudgets.none().with("mirror.example.com:requests=3/m");

    assertThat(LimitForecast.budgets(plan(planned), name -> "mirror.example.com", budgets))
        .containsExactly(
            "limit                mirror.example.com requests=3/m: 7 requests: at least 2 min 00"
                + " s");
  }

  @Test
  void bytesAreNoMoreThanThereAreToMove() {
    Plan plan = plan(planned);
    Plan most =
        plan.having(
            planned.stream()
                .flatMap(image -> image.blobs().stream())
                .filter(blob -> blob.size() > 500)
                .map(blob -> blob.digest())
                .collect(Collectors.toSet()));
    HostBudgets budgets = HostBudgets.none().with("one.example.com:bytes=1k/d");

    assertThat(LimitForecast.budgets(plan, Repository::registry, budgets).getFirst())
        .contains(": 2.0 kB: at least 48 h");
    assertThat(most.totals().toMove()).isBetween(1001L, 1999L);
    assertThat(LimitForecast.budgets(most, Repository::registry, budgets).getFirst())
        .contains(": at least 24 h");
  }

  @Test
  void theRunPullsWhatThePlanHasPulledAndALoginIsWorthTwice() {
    assertThat(LimitForecast.pulls(hub(Account.ADDRESS, 100, 40, 260)))
        .isEqualTo(
            "pulls                docker.io: 260 more counted pulls are needed, 40 of 100 per 6 h"
                + " are left (anonymous, by address): about 18 h (log in, or add a mirror, for"
                + " more); with a login 200 per 6 h");
    assertThat(LimitForecast.pulls(hub(Account.ADDRESS, 100, 60, 40)))
        .endsWith("60 of 100 per 6 h are left (anonymous, by address)");
    assertThat(LimitForecast.pulls(hub(Account.USER, 200, 0, 201)))
        .endsWith(": about 12 h (add a mirror, for more)");
  }

  private static RateLimitStatus hub(Account account, long limit, long left, long made) {
    return new RateLimitStatus(
        "docker.io", Turn.ONLY, account, limit, Duration.ofHours(6), left, made);
  }
}
