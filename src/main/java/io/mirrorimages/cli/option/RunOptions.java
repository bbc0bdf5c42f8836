package io.mirrorimages.cli.option;

import io.mirrorimages.cli.option.value.ByteCount;
import io.mirrorimages.cli.option.value.NumberOption;
import io.mirrorimages.cli.option.value.PlatformName;
import io.mirrorimages.cli.option.value.TimeSpan;
import io.mirrorimages.cli.output.CommandOptions;
import io.mirrorimages.cli.output.DebugOption;
import io.mirrorimages.cli.output.LogOptions;
import io.mirrorimages.cli.output.OutcomeOptions;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Platform;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.limit.HostBudgets;
import io.mirrorimages.registry.limit.outage.Patience;
import io.mirrorimages.report.Listeners;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that every transfer and check has. */
public final class RunOptions {
  private static final int USUAL_JOBS = 8;
  private static final Duration USUAL_PATIENCE = Duration.ofMinutes(15);

  /** One project's quota is one row of Harbor's database, for which all its uploads queue. */
  private static final int JOBS_AT_HARBOR = 6;

  private static final List<String> OF_REGISTRIES =
      List.of(
          "--retries",
          "--retry-max-wait",
          "--stall-timeout",
          "--patience",
          "--limit",
          "--max-rate",
          "--debug",
          "--verbose");

  /** Options are made when the program starts. */
  private final long began = System.nanoTime();

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      converter = NumberOption.Jobs.class,
      description = "How many blobs are moved at once (default: 8, and 6 into a Harbor).")
  private Integer jobs;

  @Option(
      names = "--retries",
      paramLabel = "N",
      converter = NumberOption.RetryCount.class,
      defaultValue = "5",
      description = "How often a failed request is retried (default: ${DEFAULT-VALUE}).")
  private int retries;

  @Option(
      names = "--retry-max-wait",
      paramLabel = "TIME",
      converter = TimeSpan.PauseTime.class,
      defaultValue = "60s",
      description =
          "Longest pause before a retry, as 90s or 5m (default: ${DEFAULT-VALUE}). Waits for a"
              + " limit can be longer, and are no retries.")
  private Duration retryMaxWait = Duration.ZERO;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description =
          "End after this time, as 90s, 30m, 6h or 1h30m, with exit code 4: the same command, run"
              + " again, resumes. Default: none.")
  private Duration deadline;

  @Option(
      names = "--stall-timeout",
      paramLabel = "TIME",
      converter = TimeSpan.Stall.class,
      defaultValue = "60s",
      description =
          "A registry that sends or takes no byte for so long, or hardly any for three times"
              + " that, has failed (default: ${DEFAULT-VALUE}).")
  private Duration stallTimeout;

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description =
          "How long to wait for a registry that does not answer at all, as 90s, 30m or 2h (default:"
              + " 15m). Without this option one that has not answered yet in this run may be a"
              + " mistyped one: it has three tries in some 3 s if it refuses or is unknown, and 30s"
              + " if it is silent.")
  private Duration patience;

  @Mixin private LimitOption limits;
  @Mixin private DebugOption debug;

  @Option(
      names = "--max-rate",
      paramLabel = "RATE",
      converter = ByteCount.PerSecond.class,
      description =
          "Bytes per second for all transfers together, as in 500k, 20M, 20MB/s; sync moves as many"
              + " in as out.")
  private Long maxRate;

  @Mixin private OutcomeOptions outcome;

  /** What decides which images are meant, and how a target is reached. */
  private static final String FOREIGN = "--allow-missing-foreign-layers";

  private static final Set<String> FOR_CHECK =
      Set.of(
          "name",
          "platform",
          "work-dir",
          FOREIGN.substring(2),
          "mapping",
          "map",
          "username",
          "password-stdin",
          "ca-file",
          "cert-file",
          "key-file",
          "insecure-skip-verify",
          "plain-http",
          "trust-token-service",
          "allow-http-redirect");

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec mixee;

  @Mixin private LogOptions log;

  public int jobs() {
    return jobs == null ? USUAL_JOBS : jobs;
  }

  public Retries retries() {
    return debug.shown(new Retries(retries, retryMaxWait));
  }

  public MirrorOptions mirror(PlatformOption platforms) {
    return new MirrorOptions(jobs(), platforms.filter(), retries())
        .withoutForeignLayers(platforms.takesMissingForeignLayers());
  }

  /**
   * The same with fewer blobs at once if they go to a Harbor, and the user did not say how many.
   */
  public MirrorOptions gentler(MirrorOptions how, boolean harbor) {
    return harbor && jobs == null ? how.with(JOBS_AT_HARBOR) : how;
  }

  /** What ends the run before its time; printing to {@code err}. The caller closes it. */
  public StopSignal stopSignal(PrintStream err) {
    return new StopSignal(
        Optional.ofNullable(deadline).map(time -> time.minusNanos(System.nanoTime() - began)), err);
  }

  /** How long hosts that do not answer are waited for. */
  Patience patience() {
    return patience == null ? new Patience(USUAL_PATIENCE, false) : new Patience(patience, true);
  }

  /** What each host may be asked for. */
  public HostBudgets budgets() {
    return limits.budgets();
  }

  /** Bytes per second of all transfers together; empty for no bound. */
  public OptionalLong maxRate() {
    return maxRate == null ? OptionalLong.empty() : OptionalLong.of(maxRate);
  }

  /**
   * Removes what is about registries from a command that asks none: its work is tried once.
   *
   * @param command has these options
   */
  public static void withoutRegistries(CommandSpec command) {
    OF_REGISTRIES.forEach(name -> command.remove(command.findOption(name)));
  }

  /** Makes a command that stands below plan a dry run. */
  public static void planOnly(CommandSpec command) {
    if (isPlanned(command)) {
      CommandOptions.askForDryRun(command);
    }
  }

  /** Whether it was called as plan, which also says what the run needs. */
  public boolean isPlanned() {
    return mixee != null && isPlanned(mixee);
  }

  private static boolean isPlanned(CommandSpec command) {
    return command.parent() != null && command.parent().name().equals("plan");
  }

  Timeouts timeouts() {
    return Timeouts.DEFAULT.withStall(stallTimeout).within(patience().time());
  }

  /** Shows what goes on between this program and the registries. */
  public DebugOption debug() {
    return debug;
  }

  /** The files that the run leaves behind. */
  public OutcomeOptions outcome() {
    return outcome;
  }

  /** What the run prints and logs. */
  public LogOptions log() {
    return log;
  }

  /** The names of those options given that a check of what the command did needs too. */
  public List<String> namesForCheck() {
    return mixee == null
        ? List.of()
        : mixee.commandLine().getParseResult().matchedOptions().stream()
            .map(OptionSpec::shortestName)
            .filter(name -> FOR_CHECK.contains(name.replaceFirst("^--(?:target-)?", "")))
            .distinct()
            .toList();
  }

  /**
   * Who receives the events of the command, from its beginning on: the console, the log file, and
   * the files that the run leaves behind. The same for every call.
   */
  public Listeners listeners() {
    return log.listeners();
  }

  /** The option that filters platforms. */
  public static final class PlatformOption {
    @Option(
        names = "--platform",
        paramLabel = "OS/ARCH",
        converter = PlatformName.class,
        description =
            "Only this platform: os/arch[/variant][:os.version]. Repeated: an index of these."
                + " Default: all, unchanged.")
    private List<Platform> platforms = new ArrayList<>();

    @Mixin private ForeignLayersOption foreign;

    public boolean takesMissingForeignLayers() {
      return foreign.isAllowed();
    }

    public PlatformFilter filter() {
      return new PlatformFilter(platforms.stream().distinct().toList());
    }

    /** The options as words of a command line; empty if none is given. */
    public List<String> words() {
      return Stream.concat(
              filter().wanted().stream()
                  .flatMap(platform -> Stream.of("--platform", platform.toString())),
              foreign.words().stream())
          .toList();
    }

    /** Those that a copy of the images needs too, of which all platforms are wanted. */
    public List<String> wordsForCopy() {
      return foreign.words();
    }
  }

  /** The option for Windows images whose base layers are nowhere but at their maker. */
  public static final class ForeignLayersOption {
    @Option(
        names = FOREIGN,
        description =
            "Take images without the foreign layers (of Windows) that their registry does not have;"
                + " else they fail.")
    private boolean allowed;

    public boolean isAllowed() {
      return allowed;
    }

    List<String> words() {
      return allowed ? List.of(FOREIGN) : List.of();
    }
  }

  /** The option that keeps tags as they are. */
  public static final class ReplaceOption {
    @Option(
        names = "--no-replace",
        description =
            "Leave a tag alone that names another image at the target: that image fails. Default:"
                + " the tag is replaced, which console and report say.")
    private boolean noReplace;

    public MirrorOptions of(MirrorOptions how) {
      return how.replacing(!noReplace);
    }
  }

  /** The option that stops after the plan. */
  public static final class DryRunOption {
    @Option(
        names = CommandOptions.DRY_RUN,
        description = "Print the plan and stop: nothing is transferred.")
    private boolean dryRun;

    public boolean isGiven() {
      return dryRun;
    }
  }
}
