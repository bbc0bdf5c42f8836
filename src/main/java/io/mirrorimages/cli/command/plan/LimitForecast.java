package io.mirrorimages.cli.command.plan;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Account;
import io.mirrorimages.mirror.port.RateLimitedSource;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.limit.HostBudget;
import io.mirrorimages.registry.limit.HostBudgets;
import io.mirrorimages.registry.limit.time.Rate;
import io.mirrorimages.report.PullLines;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** How long the limits of the hosts that a plan reads from make its run wait at least. */
public final class LimitForecast {
  /** More windows than anybody waits for. */
  private static final long MOST_WINDOWS = 1_000_000;

  private LimitForecast() {}

  /**
   * A line for each host that counts pulls, and for each limit of a host's budget.
   *
   * @param from the registries that the plan was made with
   */
  public static List<String> lines(Plan plan, Registries from, HostBudgets budgets)
      throws IOException {
    List<String> lines = new ArrayList<>();
    Map<String, RateLimitStatus> counting = new TreeMap<>();
    RateLimitedSource source = RateLimitedSource.of(from.asSource());
    for (PlannedImage image : plan.images()) {
      source
          .pulls(image.request().source())
          .forEach(status -> counting.put(status.place(), status));
    }
    counting.values().stream()
        .filter(status -> status.made() > 0)
        .map(LimitForecast::pulls)
        .forEach(lines::add);
    lines.addAll(budgets(plan, from::firstHost, budgets));
    return lines;
  }

  /**
   * The run fetches what the plan has fetched once more, since the plan keeps nothing. Docker Hub's
   * limit for a login is the one of a free account; a paid one has none.
   */
  static String pulls(RateLimitStatus status) {
    PullForecast forecast = new PullForecast(status, status.made(), true);
    boolean login =
        status.place().equals(DockerHub.NAME)
            && status.account() == Account.ADDRESS
            && !forecast.suffices();
    return "pulls                "
        + PullLines.text(forecast)
        + (login ? "; with a login 200 per 6 h" : "");
  }

  /**
   * The lines for the budgets. Each manifest and blob counts once, at the host that is asked first
   * for it, and no more bytes than there are to move.
   *
   * @param host which host is asked first for a repository
   */
  static List<String> budgets(Plan plan, Function<Repository, String> host, HostBudgets budgets) {
    List<String> lines = new ArrayList<>();
    needs(plan, host)
        .forEach(
            (name, need) -> {
              HostBudget budget = budgets.of(name);
              long bytes = Math.min(need.getSum(), plan.totals().toMove());
              String requests = Units.count(need.getCount(), "request");
              budget
                  .requests()
                  .map(rate -> line(name, budget.requestsText(), requests, need.getCount(), rate))
                  .ifPresent(lines::add);
              budget
                  .bytes()
                  .map(rate -> line(name, budget.bytesText(), Units.bytes(bytes), bytes, rate))
                  .ifPresent(lines::add);
            });
    return lines;
  }

  private static String line(String host, String limit, String text, long need, Rate rate) {
    Duration wait = wait(need, rate);
    return "limit                "
        + host
        + " "
        + limit
        + ": "
        + text
        + (wait.isZero() ? ", within it" : ": at least " + Units.roughly(wait));
  }

  /** The number and bytes of manifests and blobs, by host. */
  private static Map<String, LongSummaryStatistics> needs(
      Plan plan, Function<Repository, String> host) {
    Map<String, LongSummaryStatistics> needs = new TreeMap<>();
    Set<Digest> seen = new HashSet<>();
    for (PlannedImage image : plan.images()) {
      LongSummaryStatistics need =
          needs.computeIfAbsent(
              host.apply(image.request().source().repository()),
              name -> new LongSummaryStatistics());
      image.manifests().stream()
          .filter(manifest -> seen.add(manifest.digest()))
          .forEach(manifest -> need.accept(manifest.descriptor().size()));
      image.blobs().stream()
          .filter(blob -> seen.add(blob.digest()))
          .forEach(blob -> need.accept(blob.size()));
    }
    return needs;
  }

  /** Until the last of {@code count} is free, where as many as the rate says are free at once. */
  private static Duration wait(long count, Rate rate) {
    long windows = Math.ceilDiv(count, rate.count()) - 1;
    return rate.time().multipliedBy(Math.clamp(windows, 0, MOST_WINDOWS));
  }
}
