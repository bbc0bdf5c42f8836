package io.mirrorimages.report.metrics;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ByteCounts;
import io.mirrorimages.mirror.Direction;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.report.ReportFormat;
import io.mirrorimages.report.RunReport;
import io.mirrorimages.report.RunReport.HostWaits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The metrics of a run, for the textfile collector of node_exporter. A file has those of one
 * command, and what must outlive a run goes on from the file that the run before has left: the
 * counters, how the last run ended, and the time of the last success. It names no image, registry
 * or message, and no secret.
 */
public final class MetricsText implements ReportFormat {
  /** How the names of files end that the textfile collector reads. */
  public static final String SUFFIX = ".prom";

  private final String command;
  private final Map<String, String> labels;
  private final EarlierSamples earlier;

  private MetricsText(String command, Map<String, String> labels, EarlierSamples earlier) {
    this.command = command;
    this.labels = labels;
    this.earlier = earlier;
  }

  /**
   * The metrics of a command. Their label {@code task} is the name of the file without {@link
   * #SUFFIX}: node_exporter gives none of the files of a folder if two have the same series.
   *
   * @param command the subcommand
   * @param file where they go
   */
  public static MetricsText of(String command, Path file) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("command", command);
    String name = Text.line(String.valueOf(file.getFileName()));
    labels.put(
        "task", name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name);
    return new MetricsText(command, labels, EarlierSamples.NONE);
  }

  @Override
  public ReportFormat after(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new MetricsText(
        command, labels, EarlierSamples.parse(new String(bytes, StandardCharsets.UTF_8)));
  }

  @Override
  public boolean isReport(String head) {
    return head.startsWith(header());
  }

  private String header() {
    return "# mirror-images: metrics of " + command + "; replaced by each run\n";
  }

  @Override
  public Setting setting() {
    return Setting.METRICS;
  }

  @Override
  public String noun() {
    return command + " metrics file";
  }

  /** Its times say which run it is about, and that no later one has ended. */
  @Override
  public boolean staysTrue() {
    return true;
  }

  @Override
  public void write(RunReport report, OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder(header());
    for (List<MetricFamily> part : List.of(times(report), images(report), effort(report))) {
      part.forEach(family -> text.append(family.text()));
    }
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private List<MetricFamily> times(RunReport report) {
    Optional<RunReport.End> end = report.end();
    Optional<RunReport.End> success = end.filter(ended -> ended.exitCode() == 0);
    return List.of(
        gauge("last_run_start_timestamp_seconds", "When the last run began.")
            .with(seconds(report.started())),
        gauge(
                "last_run_end_timestamp_seconds",
                "When the last run that has ended did so; before the start while one goes on.")
            .withOrAsBefore(of(end.map(ended -> seconds(ended.time())))),
        gauge("last_run_exit_code", "The exit code of the last run that has ended.")
            .withOrAsBefore(of(end.map(ended -> (double) ended.exitCode()))),
        gauge("last_success_timestamp_seconds", "When the last run with exit code 0 ended.")
            .withOrAsBefore(of(success.map(ended -> seconds(ended.time())))));
  }

  private List<MetricFamily> images(RunReport report) {
    MetricFamily images = gauge("last_run_images", "Images of the last run by what they came to.");
    for (Status status : Status.values()) {
      long count = report.images().stream().filter(image -> image.status() == status).count();
      images.with("status", status.label(), (double) count);
    }
    return List.of(
        images,
        gauge("build_info", "The version of the tool that wrote this.")
            .with("version", report.version(), 1));
  }

  private List<MetricFamily> effort(RunReport report) {
    ByteCounts moved = report.moved();
    List<HostWaits> waits = report.waits();
    Duration away = waits.stream().map(HostWaits::away).reduce(Duration.ZERO, Duration::plus);
    return List.of(
        counter("transferred_bytes_total", "Bytes of layers and configs that crossed a line.")
            .with("direction", label(Direction.DOWNLOADED), (double) moved.downloaded())
            .with("direction", label(Direction.UPLOADED), (double) moved.uploaded())
            .with("direction", label(Direction.RETRANSMITTED), (double) moved.retransmitted()),
        counter("retries_total", "How often something that failed was tried again.")
            .with((double) report.retries()),
        counter("waits_total", "Waits of a second or more for a registry, by what they were for.")
            .with("reason", "limit", waits.stream().mapToInt(HostWaits::limits).sum())
            .with("reason", "outage", waits.stream().mapToInt(HostWaits::outages).sum()),
        counter("outage_seconds_total", "For how long registries did not answer.")
            .with(away.toMillis() / 1000.0));
  }

  private MetricFamily gauge(String name, String help) {
    return new MetricFamily("mirror_images_" + name, "gauge", help, labels, earlier);
  }

  private MetricFamily counter(String name, String help) {
    return new MetricFamily("mirror_images_" + name, "counter", help, labels, earlier);
  }

  private static String label(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }

  private static double seconds(Instant time) {
    return time.getEpochSecond();
  }

  private static OptionalDouble of(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }
}
