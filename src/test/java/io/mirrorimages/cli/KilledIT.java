package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.SlowUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A save that is killed outright, at any moment, and started again. The moments come from a seed
 * that is printed; {@code -Dmirror-images.seed=N} repeats one.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledIT {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());
  private static final int JOBS = 4;
  private static final int MIB = 1024 * 1024;

  /** What the tool has read of one blob beyond what its journal has, which it writes each MiB. */
  private static final int BUFFERS = 512 * 1024;

  private final Random random = new Random(SEED);
  private Path folder;
  private SlowUpstream upstream;
  private List<String> images;
  private String lonely;
  private Path list;
  private Path whole;
  private Path wreck;
  private Path output;
  private int outputs;

  /** Of one kill at most, and of all: what the kernel held for the one that was killed. */
  private long mostUnread;

  private long unread;

  @BeforeAll
  void begin(@TempDir Path tempDir) throws Exception {
    folder = tempDir;
    System.out.println("KilledIT: -Dmirror-images.seed=" + SEED);
    upstream = new SlowUpstream();
    String shared = upstream.addBlob(bytes(3 * MIB));
    lonely = upstream.addBlob(bytes(700_001));
    images =
        List.of(
            image("a", "v1", upstream.addBlob(bytes(5 * MIB + 17)), shared),
            image("b", "v1", shared, upstream.addBlob(bytes(4 * MIB)), addSmall()),
            image("c", "v1", lonely, addSmall()));
    list = Files.write(folder.resolve("images.txt"), images);
    whole = folder.resolve("whole.tar");
    assertThat(save(whole).exitCode()).isZero();
    wreck = folder.resolve("wreck.tar");
    killAfter(upstream.total() / 2, wreck);
    assertThat(partial(wreck)).exists();
    assertThat(journal(wreck)).exists();
  }

  @BeforeEach
  void calm() {
    upstream.openWide();
    output = folder.resolve("images-" + ++outputs + ".tar");
  }

  @AfterAll
  void end() {
    upstream.close();
  }

  @Test
  void killedAtAnyMomentItEndsWithTheSameArchiveAndFetchesLittleTwice() throws Exception {
    upstream.forget();
    unread = 0;
    mostUnread = 0;
    killWhilePlanning();
    assertThat(upstream.sent()).isZero();
    int kills = 0;
    for (int part = 5; part >= 2; part--) {
      long left = Math.max(1, upstream.total() - upstream.reached());
      kills += killAfter(left / part + random.nextInt(300_000), output) ? 1 : 0;
    }
    long left = upstream.total() - upstream.reached();
    kills += killAfter(left - random.nextInt((int) Math.min(left, 200_000)), output) ? 1 : 0;
    assertThat(kills).isEqualTo(5);
    assertThat(output).doesNotExist();
    // With the last byte sent: anywhere in what comes after it.
    upstream.openWide();
    Program.Running last = start(output);
    upstream.awaitReached(upstream.total());
    kills++;
    kill(last);
    upstream.cutOff();
    if (last.end().exitCode() != 0) {
      assertThat(save(output).exitCode()).isZero();
    }

    assertMadeWhole();
    Command verify = Command.run("verify", "--archive", output);
    assertThat(verify.exitCode()).as(verify.err()).isZero();
    System.out.printf(
        "KilledIT: %d kills, %d bytes sent for %d, at most %d of one blob again%n",
        kills, upstream.sent(), upstream.total(), upstream.mostSentAgain());
    assertThat(upstream.mostSentAgain()).isLessThanOrEqualTo(MIB + BUFFERS + mostUnread);
    assertThat(upstream.sent())
        .isLessThanOrEqualTo(upstream.total() + (long) kills * JOBS * (MIB + BUFFERS) + unread);
  }

  @Test
  void aServerThatKnowsNoRangeIsReadFromTheStart() throws Exception {
    revive();
    upstream.ignoreRange(true);
    try {
      assertThat(save(output).exitCode()).isZero();
    } finally {
      upstream.ignoreRange(false);
    }
    assertMadeWhole();
  }

  @Test
  void aTagThatMovedMeanwhileStaysAsPlannedUnlessARefreshIsAskedFor() throws Exception {
    revive();
    image("c", "v1", upstream.addBlob(bytes(1000)), lonely);
    try {
      assertThat(save(output).exitCode()).isZero();
      assertMadeWhole();

      Path anew = next();
      assertThat(save(anew).exitCode()).isZero();
      Path refreshed = next();
      revive(refreshed);
      assertThat(save(refreshed, "--refresh").exitCode()).isZero();

      assertThat(Files.mismatch(anew, whole)).isNotEqualTo(-1);
      assertThat(Files.mismatch(refreshed, anew)).isEqualTo(-1);
      assertThat(journal(refreshed)).doesNotExist();
    } finally {
      upstream.restoreTags();
    }
  }

  @Test
  void anotherListIsRefusedAndTouchesNothing() throws Exception {
    revive();
    Map<String, byte[]> before = left();
    Path other = Files.writeString(folder.resolve("other.txt"), images.getFirst() + "\n");

    Command refused =
        Command.run("save", "--list", other, "--output", output, "--failed", failedList());

    assertThat(refused.complaint(2))
        .contains(output + ".partial was begun with another list")
        .endsWith(
            "name another --output, or begin anew with --refresh (try mirror-images help save)");
    assertThat(left()).containsExactlyEntriesOf(before);
    assertThat(save(output).exitCode()).isZero();
    assertMadeWhole();
  }

  @Test
  void aSecondRunOnTheSameOutputSaysSoAndLeavesTheFirstAlone() throws Exception {
    upstream.letThrough(upstream.total() / 3);
    Program.Running first = start(output);
    upstream.awaitStop();
    for (String[] how : new String[][] {{}, {"--refresh"}}) {
      Command second = save(output, how);
      assertThat(second.complaint(2))
          .contains("is being written by process " + first.process().pid() + " on ", "since 20");
    }
    upstream.openWide();

    assertThat(first.end().exitCode()).isZero();
    assertMadeWhole();
  }

  @Test
  void aLockFileThatWasLeftOrIsDeletedDoesNoHarm() throws Exception {
    revive();
    Path lock = output.resolveSibling(output.getFileName() + ".lock");
    Files.writeString(lock, "pid 1 host elsewhere since 2026-01-01T00:00:00Z\n");
    upstream.letThrough(1000);
    Program.Running first = start(output);
    upstream.awaitStop();
    assertThat(lock).content().startsWith("pid " + first.process().pid() + " host ");
    Files.delete(lock);

    assertThat(save(output).complaint(2)).contains("is being written by another process");
    upstream.openWide();

    assertThat(first.end().exitCode()).isZero();
    assertMadeWhole();
  }

  @Test
  void stoppedBySignalsThatDoNotWaitItGoesOn() throws Exception {
    upstream.letThrough(upstream.total() / 2);
    Program.Running save = start(output);
    upstream.awaitStop();
    assertThat(save.signalToTheEnd("INT").exitCode()).isEqualTo(130);
    upstream.cutOff();
    upstream.openWide();

    assertThat(save(output).exitCode()).isZero();
    assertMadeWhole();
  }

  @Test
  void ofTwoRunsThatPlanAtTheSameTimeOneMakesTheArchive() throws Exception {
    upstream.holdManifests(true);
    List<Program.Running> both = List.of(start(output), start(output));
    // Each asks for one alone first, to learn whether pulls are counted here.
    upstream.awaitHeldManifests(2);
    upstream.holdManifests(false);

    List<Integer> codes =
        List.of(both.getFirst().end().exitCode(), both.getLast().end().exitCode());
    assertThat(codes).containsExactlyInAnyOrder(0, 2);
    assertMadeWhole();
  }

  @Test
  void anImageThatFailedForTheLineIsAddedToTheFinishedArchive() throws Exception {
    upstream.fail(lonely, true);
    try {
      Command first = save(output, "--retries", "0");
      assertThat(first.exitCode()).as(first.err()).isEqualTo(1);
    } finally {
      upstream.fail(lonely, false);
    }
    assertThat(output).exists();
    assertThat(Command.run("verify", "--archive", output).out()).doesNotContain("rancher/c:v1");
    upstream.forget();

    assertThat(save(output).exitCode()).isZero();

    assertMadeWhole();
    // The layer that failed, and the small one that was not begun after that.
    assertThat(upstream.sent()).isLessThanOrEqualTo(700_001L + 26);
  }

  @Test
  void aFailedImageIsNotForgottenByTheRunThatGoesOn() throws Exception {
    String nowhere = "127.0.0.1:9/rancher/d:v1";
    Path both = folder.resolve("both.txt");
    Files.write(both, Stream.concat(images.stream(), Stream.of(nowhere)).toList());
    Object[] command = {
      "save", "--list", both, "--output", output, "--jobs", JOBS, "--retries", "0",
    };
    upstream.letThrough(upstream.total() / 2);
    Program.Running first = Program.in(folder).start(command);
    upstream.awaitStop();
    first.signal("KILL");
    first.end();
    upstream.cutOff();
    upstream.openWide();

    Command again = Program.in(folder).run(command);

    assertThat(again.exitCode()).as(again.out()).isEqualTo(1);
    assertThat(again.line(nowhere)).contains("failed");
  }

  @Test
  void withoutItsJournalItBeginsAnew() throws Exception {
    revive();
    Files.delete(journal(output));
    assertThat(save(output).exitCode()).isZero();
    assertMadeWhole();
  }

  @Test
  void withoutItsPartialFileItBeginsAnew() throws Exception {
    revive();
    Files.delete(partial(output));
    assertThat(save(output).exitCode()).isZero();
    assertMadeWhole();
  }

  @Test
  void aJournalCutOffAnywhereCostsOnlyTime() throws Exception {
    byte[] journal = Files.readAllBytes(journal(wreck));
    for (int round = 0; round < 6; round++) {
      output = next();
      revive();
      int length = random.nextInt(journal.length);
      Files.write(journal(output), Arrays.copyOf(journal, length));
      Command again = save(output);
      assertThat(again.exitCode()).as("cut at %d: %s", length, again.err()).isZero();
      assertMadeWhole();
    }
  }

  @Test
  void aPartialFileThatIsShorterLongerOrSpoiltCostsOnlyTime() throws Exception {
    byte[] bytes = Files.readAllBytes(partial(wreck));
    for (int round = 0; round < 4; round++) {
      output = next();
      revive();
      byte[] spoilt = Arrays.copyOf(bytes, random.nextInt(2 * bytes.length));
      if (round % 2 == 0) {
        spoilt = bytes.clone();
        for (int i = 0; i < 40; i++) {
          spoilt[random.nextInt(spoilt.length)] ^= (byte) (1 + random.nextInt(255));
        }
      }
      Files.write(partial(output), spoilt);
      Command again = save(output, "--retries", "0");
      assertThat(again.exitCode()).as("%d bytes: %s", spoilt.length, again.out()).isZero();
      assertMadeWhole();
    }
  }

  private void killWhilePlanning() throws Exception {
    upstream.holdManifests(true);
    Program.Running save = start(output);
    upstream.awaitHeldManifests(1);
    save.signal("KILL");
    assertThat(save.end().exitCode()).isEqualTo(137);
    upstream.holdManifests(false);
    assertThat(partial(output)).doesNotExist();
  }

  /** Whether it was killed in time: it stops when the server has sent so many further bytes. */
  private boolean killAfter(long bytes, Path archive) throws Exception {
    upstream.letThrough(bytes);
    Program.Running save = start(archive);
    upstream.awaitStop();
    kill(save);
    boolean killed = save.end().exitCode() == 137;
    upstream.cutOff();
    upstream.openWide();
    return killed;
  }

  /** Kills it where it is, and counts what it will never read. */
  private void kill(Program.Running save) throws Exception {
    save.signal("STOP");
    long lost = upstream.unread();
    unread += lost;
    mostUnread = Math.max(mostUnread, lost);
    save.signal("KILL");
  }

  private Program.Running start(Path archive) throws IOException {
    return Program.in(folder)
        .start("save", "--list", list, "--output", archive, "--jobs", JOBS, "--quiet");
  }

  private Command save(Path archive, String... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("save", "--list", list, "--output", archive, "--jobs", JOBS));
    arguments.addAll(List.of("--failed", failedList()));
    arguments.addAll(List.of(more));
    return Command.run(arguments.toArray());
  }

  private Path failedList() {
    return folder.resolve("not-done.txt");
  }

  private Path next() {
    return folder.resolve("images-" + ++outputs + ".tar");
  }

  private void revive() throws IOException {
    revive(output);
  }

  private void revive(Path archive) throws IOException {
    Files.copy(partial(wreck), partial(archive));
    Files.copy(journal(wreck), journal(archive));
  }

  private void assertMadeWhole() throws IOException {
    assertThat(Files.mismatch(output, whole)).as("first wrong byte").isEqualTo(-1);
    assertThat(left()).containsOnlyKeys(output.getFileName().toString());
  }

  /** All files of this output. */
  private Map<String, byte[]> left() throws IOException {
    Map<String, byte[]> left = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(output.getFileName().toString())) {
          left.put(name, Files.readAllBytes(file));
        }
      }
    }
    return left;
  }

  private static Path partial(Path archive) {
    return archive.resolveSibling(archive.getFileName() + ".partial");
  }

  private static Path journal(Path archive) {
    return archive.resolveSibling(archive.getFileName() + ".journal");
  }

  private String image(String name, String tag, String... layers) {
    return upstream.addImage("rancher/" + name, tag, layers) + ":" + tag;
  }

  private String addSmall() {
    return upstream.addBlob(("small " + random.nextLong()).getBytes(StandardCharsets.UTF_8));
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }
}
