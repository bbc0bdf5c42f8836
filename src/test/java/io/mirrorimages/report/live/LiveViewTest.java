package io.mirrorimages.report.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.Phase;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.PlainStream;
import io.mirrorimages.testing.VirtualTerminal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the cells of a terminal show, by a time that the test sets. */
class LiveViewTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T18:00:00Z");
  private static final long GIGABYTE = 1_000_000_000;
  private static final int MEGABYTE = 1_000_000;

  private VirtualTerminal terminal = new VirtualTerminal(80, 24);
  private TerminalSize size = new TerminalSize(80, 24);
  private long millis;
  private boolean continued;
  private final PrintStream tty = PlainStream.over(stream(), setting -> "--setting");
  private final TerminalSizes sizes = new SetSize();
  private LiveView view = open(false);

  private final class SetSize implements TerminalSizes {
    private TerminalSize seen = size;

    @Override
    public TerminalSize current() {
      continued = false;
      seen = size;
      return size;
    }

    @Override
    public boolean hasChanged() {
      return continued || !size.equals(seen);
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private PrintStream stream() {
    return new PrintStream(
        new OutputStream() {
          @Override
          public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            terminal.write(new String(bytes, from, count, StandardCharsets.UTF_8));
          }
        },
        true,
        StandardCharsets.UTF_8);
  }

  private LiveView open(boolean unicode) {
    InstantSource now = () -> BEGIN.plusMillis(millis);
    return new LiveView(
        tty,
        tty,
        743,
        new LiveView.TerminalUse(sizes, unicode),
        now.withZone(ZoneOffset.UTC),
        () -> Duration.ofMillis(millis).toNanos());
  }

  private static ImageRequest request(String name) {
    return new ImageRequest(
        Reference.parse("docker.io/" + name), Reference.parse("harbor.example.com/" + name));
  }

  private static Descriptor blob(int number, long size) {
    return new Descriptor("", Digest.sha256(new byte[] {(byte) number}), size);
  }

  private static Repository target(String path) {
    return new Repository("harbor.example.com", path);
  }

  private static RunEvent plan(long bytes) {
    return new RunEvent.PlanMade(
        new Plan(List.of(), List.of(), new Plan.Totals(1, bytes, 0, 0, bytes)));
  }

  @Test
  void showsHowFarAnArchiveIsUnpacked() {
    view.on(new RunEvent.Unpacking("/in/images.tar.gz", "/in/copy", 0, 4 * GIGABYTE));
    for (int second = 1; second <= 10; second++) {
      view.on(
          new RunEvent.UnpackingAdvanced(
              "/in/images.tar.gz", second * 100L * MEGABYTE, 4 * GIGABYTE));
      pass(1);
    }
    assertThat(terminal.rows())
        .contains("unpacking /in/images.tar.gz, 10 s")
        .anySatisfy(
            line -> assertThat(line).contains("25%  1.0 GB of 4.0 GB  100 MB/s  31 s left"));
  }

  private void pass(int seconds) {
    for (int i = 0; i < 5 * seconds; i++) {
      millis += 200;
      view.paint();
    }
  }

  /** So many seconds in which 10 MB come each second. */
  private void move(Descriptor blob, long from, int seconds) {
    for (int i = 0; i < seconds; i++) {
      view.on(new RunEvent.BlobRead(blob.digest(), from + i * 10L * MEGABYTE, 10 * MEGABYTE));
      pass(1);
    }
  }

  private void fail(String name, String message) {
    view.on(
        new RunEvent.ImageEnded(
            ImageResult.failed(
                request(name),
                Optional.empty(),
                new TransferException(FailureKind.MISSING, message))));
  }

  @Test
  void namesThePhaseAndItsSteps() {
    view.paint();
    assertThat(terminal.rows()).containsExactly("preparing: 0 of 743 images, 0.0 s");

    view.on(new RunEvent.StepsAdded(Phase.TAGS, 743));
    IntStream.range(0, 412).forEach(i -> view.on(new RunEvent.StepEnded(Phase.TAGS)));
    pass(1);
    assertThat(terminal.rows()).containsExactly("resolving 412 of 743 tags, 1.0 s");

    IntStream.range(412, 743).forEach(i -> view.on(new RunEvent.StepEnded(Phase.TAGS)));
    view.on(new RunEvent.StepsAdded(Phase.TARGET, 5265));
    pass(1);
    assertThat(terminal.rows()).containsExactly("checking the target: 0 of 5265 blobs, 2.0 s");
  }

  @Test
  void showsBytesRateTimeLeftAndTheLargestBlobs() {
    Descriptor large = blob(1, 2 * GIGABYTE);
    Descriptor small = blob(2, 200 * MEGABYTE);
    view.on(plan(4 * GIGABYTE));
    view.on(new RunEvent.ImageStarted(request("rancher/harvester:v1")));
    view.on(new RunEvent.ImageStarted(request("rancher/shell:v0.4.1")));
    view.on(new RunEvent.BlobStarted(small, target("rancher/shell")));
    view.on(new RunEvent.BlobStarted(large, target("rancher/harvester")));
    view.on(new RunEvent.BlobStarted(blob(3, 100), target("rancher/none-yet")));
    move(small, 0, 10);
    move(large, 0, 20);

    assertThat(terminal.rows())
        .containsExactly(
            "copying: 0 of 743 images, 30 s",
            "[##..........................]  7%  300 MB of 4.0 GB  10 MB/s  6 min 11 s left",
            "  rancher/harvester:v1                      [#.................]  10% of 2.0 GB",
            "  rancher/shell:v0.4.1                      [#########.........]  50% of 200 MB");

    view.on(new RunEvent.BlobEnded(small, target("rancher/shell"), small.size(), true));
    pass(1);
    assertThat(terminal.rows()).hasSize(3);
    assertThat(terminal.rows().get(1)).contains(" 10%  400 MB of 4.0 GB");
  }

  @Test
  void theTimeOfPlanningDoesNotSlowDownTheRateAndTheTimeLeft() {
    pass(8);
    Descriptor large = blob(1, 100 * MEGABYTE);
    view.on(plan(100 * MEGABYTE));
    view.on(new RunEvent.BlobStarted(large, target("rancher/harvester")));
    move(large, 0, 2);

    assertThat(terminal.rows().get(1)).endsWith(" 20%  20 MB of 100 MB  10 MB/s  9 s left");
  }

  @Test
  void isErasedBeforeTheProcessStops() {
    view.on(plan(GIGABYTE));
    pass(1);
    terminal.write("^Z");

    view.suspend(
        () -> {
          assertThat(terminal.everything()).isEmpty();
          terminal.write("[1]+  Stopped\r\n$ fg\r\n");
        });
    pass(1);

    assertThat(terminal.rows())
        .hasSize(4)
        .startsWith("[1]+  Stopped", "$ fg", "copying: 0 of 743 images, 2.0 s");
  }

  @Test
  void isPaintedAgainAfterCtrlZThoughNothingHasChanged() {
    pass(1);
    terminal.write("^Z\r\n[1]+  Stopped\r\n$ fg\r\nmirror-images save\r\n");

    continued = true;
    view.paint();

    assertThat(terminal.rows()).endsWith("mirror-images save", "preparing: 0 of 743 images, 1.0 s");
  }

  @Test
  void ofALongNameTheMiddleIsLeftOutAndNeverTheTag() {
    String name = "rancher/mirrored-prometheus-operator-prometheus-config-reloader";
    assertThat(Cells.squeezeName(name + ":v0.73.2-rancher.1", 40, "..."))
        .isEqualTo("rancher/m...g-reloader:v0.73.2-rancher.1");
    assertThat(Cells.squeezeName("h:5000/" + name, 20, "...")).isEqualTo("h:5000/r...-reloader");
    assertThat(Cells.squeezeName("a/b:v1", 20, "...")).isEqualTo("a/b:v1");
    assertThat(Cells.squeezeName("a/b:v1.2.3-rancher.4", 12, "..."))
        .as("a tag that has no room")
        .isEqualTo("a/b:...her.4");
  }

  @Test
  void barsStandBelowEachOtherWhateverTheNames() {
    terminal = new VirtualTerminal(100, 24);
    size = new TerminalSize(100, 24);
    String path = "rancher/mirrored-prometheus-operator-prometheus-config-reloader";
    view.on(plan(GIGABYTE));
    for (String name : List.of("rancher/shell", path)) {
      Descriptor blob = blob(name.length(), 100 * MEGABYTE);
      view.on(new RunEvent.ImageStarted(request(name + ":v0.73.2")));
      view.on(new RunEvent.BlobStarted(blob, target(name)));
      move(blob, 0, 1);
    }

    assertThat(terminal.rows())
        .filteredOn(row -> row.contains("100 MB"))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.indexOf(" [")).isEqualTo(63));
  }

  @Test
  void blobsThatAreResumedBeginWhereTheyWere() {
    Descriptor large = blob(1, 2 * GIGABYTE);
    view.on(plan(GIGABYTE));
    view.on(new RunEvent.BlobStarted(large, target("rancher/harvester")));
    move(large, GIGABYTE, 10);

    assertThat(terminal.rows().get(1)).contains(" 10%  100 MB of 1.0 GB  10 MB/s");
    assertThat(terminal.rows().get(2)).startsWith("  rancher/harvester").contains(" 55% of 2.0 GB");

    // Damaged: it is read again from its beginning.
    move(large, 0, 10);
    assertThat(terminal.rows().get(2)).contains("  5% of 2.0 GB");
  }

  @Test
  void withdrawsTheTimeLeftWhenNothingMoves() {
    Descriptor large = blob(1, 2 * GIGABYTE);
    view.on(plan(2 * GIGABYTE));
    view.on(new RunEvent.BlobStarted(large, target("rancher/harvester")));
    move(large, 0, 20);
    assertThat(terminal.rows().get(1)).endsWith("10 MB/s  3 min 01 s left");

    pass(12);
    assertThat(terminal.rows().get(1)).endsWith("200 MB of 2.0 GB  stalled for 12 s");

    view.on(
        new RunEvent.Waiting(
            new Wait(
                "127.0.0.1:18401",
                "connection refused",
                Duration.ofMinutes(15),
                Wait.Kind.OUTAGE)));
    pass(1);
    assertThat(terminal.rows())
        .contains("waiting for 127.0.0.1:18401: connection refused, until 18:15:32");

    view.on(
        new RunEvent.Waiting(
            new Wait("127.0.0.1:18401", "", Duration.ofSeconds(30), Wait.Kind.BACK)));
    pass(1);
    assertThat(String.join("\n", terminal.rows())).doesNotContain("waiting for");
  }

  @Test
  void aLimitIsShownUntilItsEndWhichIsNeverCut() {
    view.on(
        new RunEvent.Waiting(
            new Wait(
                "docker.io",
                "the limit of 100 pulls in six hours is used up, and more words of it",
                Duration.ofHours(7))));
    pass(1);
    assertThat(terminal.rows().get(1))
        .isEqualTo(
            "waiting for docker.io: the limit of 100 pulls in six h~, until 2026-03-02 01:00");

    millis += Duration.ofHours(7).toMillis();
    view.paint();
    assertThat(terminal.rows()).hasSize(1);
  }

  @Test
  void linesScrollAboveIt() {
    view.on(plan(GIGABYTE));
    for (int i = 0; i < 100; i++) {
      fail("a/b:" + i, "no such image");
      tty.println("line " + i);
      pass(1);
      assertThat(terminal.rows()).endsWith("line " + i, head(i + 1), bytesAtStandstill(i));
    }
    view.close();

    List<String> lines = IntStream.range(0, 100).mapToObj(i -> "line " + i).toList();
    assertThat(terminal.everything()).isEqualTo(lines);
    assertThat(terminal.column()).isZero();
    assertThat(terminal.wraps()).isZero();
  }

  private String head(int ended) {
    return "copying: " + ended + " of 743 images, " + ended + " failed, " + time();
  }

  private String time() {
    return io.mirrorimages.report.Units.time(Duration.ofMillis(millis));
  }

  private String bytesAtStandstill(int line) {
    return terminal.rows().getLast().startsWith("[") && line >= 0
        ? "[" + ".".repeat(28) + "]  0%  0 B of 1.0 GB  0 B/s"
        : "";
  }

  /** A line that is longer than the terminal is wide wraps as it does without the block. */
  @Test
  void longLinesLeaveNoRemains() {
    view.on(plan(GIGABYTE));
    pass(1);
    tty.println("x".repeat(200));
    tty.println("镜像".repeat(50));
    pass(1);
    view.close();

    assertThat(String.join("", terminal.everything())).isEqualTo("x".repeat(200) + "镜像".repeat(50));
    assertThat(terminal.row()).isEqualTo(6);
  }

  private void fill() {
    view.on(plan(40 * GIGABYTE));
    fail("a/b:1", "no such image");
    for (int i = 1; i < 9; i++) {
      String path = "rancher/mirrored-kube-logging-operator-with-a-long-name-" + i;
      view.on(new RunEvent.ImageStarted(request(path + ":v1.2.3")));
      view.on(new RunEvent.BlobStarted(blob(i, i * GIGABYTE), target(path)));
      move(blob(i, i * GIGABYTE), 0, 1);
    }
    for (int i = 0; i < 5; i++) {
      view.on(
          new RunEvent.Waiting(
              new Wait(
                  "registry-" + i + ".example.com", "被限流，请稍候再试".repeat(3), Duration.ofHours(1))));
    }
    pass(1);
  }

  /** Without wrapping nothing wraps, so what counts is that nothing is lost at the end. */
  @Test
  void fitsInAnyWidth() {
    fill();
    for (int columns = 200; columns >= 1; columns--) {
      terminal = new VirtualTerminal(columns, 24);
      size = new TerminalSize(columns, 24);
      view.paint();
      assertThat(terminal.cuts()).as("characters lost at %d columns", columns).isZero();
      assertThat(terminal.scrolls()).isZero();
      assertThat(terminal.rows()).hasSize(10);
      if (columns >= 40) {
        assertThat(terminal.rows().getFirst()).startsWith("copying: 1 of 743 images, 1 failed");
        assertThat(terminal.rows().get(1)).contains("0% ").contains("MB/s");
        assertThat(terminal.rows().get(2)).endsWith(", until 19:00:08");
        assertThat(terminal.rows().get(5)).endsWith(" 0% of 8.0 GB");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 12, 24})
  void leavesRowsForLines(int rows) {
    terminal = new VirtualTerminal(40, rows);
    size = new TerminalSize(40, rows);
    fill();

    assertThat(terminal.rows()).hasSize(Math.clamp(rows - 2, 1, 10));
    assertThat(terminal.scrolls()).isZero();

    tty.println("done");
    pass(1);
    view.close();
    assertThat(terminal.everything()).containsExactly("done");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavesNoRemainsWhenTheSizeChanges(boolean reflowing) {
    fill();
    IntStream.range(0, 30).forEach(i -> tty.println("line " + i));
    int[][] sizes = {{60, 24}, {40, 10}, {120, 50}, {40, 5}, {200, 50}, {41, 24}, {80, 24}};
    for (int[] next : sizes) {
      if (reflowing) {
        terminal.reflow(next[0], next[1]);
      } else {
        terminal.resize(next[0], next[1]);
      }
      size = new TerminalSize(next[0], next[1]);
      // A line comes before the next painting.
      tty.println("at " + next[0]);
      pass(1);
    }
    view.close();

    assertThat(terminal.everything())
        .startsWith("line 0", "line 1")
        .endsWith("at 60", "at 40", "at 120", "at 40", "at 200", "at 41", "at 80")
        .hasSize(37);
  }

  @Test
  void barsAreOfBlocksWhereTheTerminalHasThem() {
    view.close();
    view = open(true);
    Descriptor large = blob(1, 160 * MEGABYTE);
    view.on(plan(160 * MEGABYTE));
    view.on(new RunEvent.BlobStarted(large, target("rancher/harvester")));
    move(large, 0, 9);

    assertThat(terminal.rows().get(2)).endsWith("▕██████████▏       ▏  56% of 160 MB");
  }

  @Test
  void isErasedForGood() {
    view.on(plan(GIGABYTE));
    pass(2);
    view.close();
    view.paint();
    tty.println("743 images");

    assertThat(terminal.everything()).containsExactly("743 images");
  }

  /** Names come from registries, and causes too. */
  @Test
  void nothingSteersTheTerminal() {
    view.on(
        new RunEvent.Waiting(
            new Wait("h.io", "a\u001b[2Jb\nc", Duration.ofHours(1), Wait.Kind.OUTAGE)));
    pass(1);

    assertThat(terminal.rows()).hasSize(2);
    assertThat(terminal.rows().get(1)).startsWith("waiting for h.io: a").endsWith("until 19:00:00");
  }
}
