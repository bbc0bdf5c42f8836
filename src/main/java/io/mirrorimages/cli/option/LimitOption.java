package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.registry.limit.HostBudgets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that limits what single registries are asked for. */
public final class LimitOption {
  @Option(
      names = "--limit",
      paramLabel = "HOST:LIMITS",
      description =
          "Limits for one registry, as in registry.example.com:requests=20/m,bytes=1G/2h,"
              + "concurrency=4; times are s, m, h, d. The run waits while a limit is used up. Can"
              + " be repeated; the limits command prints the default ones.")
  private List<String> limits = new ArrayList<>();

  /** The presets, changed by what the user says. */
  public HostBudgets budgets() {
    HostBudgets budgets = HostBudgets.presets();
    for (String limit : limits) {
      try {
        budgets = budgets.with(limit);
      } catch (InvalidContentException e) {
        throw new UsageException("--limit: " + e.getMessage());
      }
    }
    return budgets;
  }
}
