package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.KilledAtStep;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A save that is killed before each single step that changes which file has which name, or brings
 * one to the disk, and then done again: the same command ends well, with all images, and fetches
 * nothing that an archive here has.
 */
@Timeout(600)
class KilledAtEachStepIT {
  private static final int MOST_STEPS = 100;

  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private FaultyRegistry upstream;
  private Path list;
  private Path work;
  private volatile boolean lateIsAway;

  @BeforeEach
  void startRegistry() throws IOException {
    upstream = new FaultyRegistry();
    list =
        Files.write(
            folder.resolve("images.txt"),
            List.of(
                upstream.name() + "/rancher/a:v1",
                upstream.name() + "/rancher/late:v1",
                upstream.name() + "/rancher/z:v1"));
    add("a", "v1", "a1");
    add("z", "v1", "z1");
    add("late", "v1", "late");
    for (String method : List.of("GET", "HEAD")) {
      upstream.on(
          method,
          ".*/rancher/late/manifests/.*",
          exchange -> {
            if (lateIsAway) {
              FaultyRegistry.respond(exchange, 404, new byte[0]);
            } else {
              upstream.properly(exchange);
            }
          });
    }
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void aFirstSave() throws IOException {

    int steps = killAtEach("first", false);

    assertThat(steps).isGreaterThan(6);
  }

  @Test
  void imagesThatCameLateAreAddedBehindWhatThereIs() throws IOException {
    int steps = killAtEach("late", true);

    assertThat(steps).isGreaterThan(6);
    assertThat(Files.size(output())).isLessThan(6 * 1024 * 1024);
  }

  /** Nothing grows but new files. */
  @Test
  void finishedVolumesStayAsTheyAreWhenImagesComeLate() throws IOException {
    int steps = killAtEach("volumes", true, "--volume-size", "1M");

    assertThat(steps).isGreaterThan(6);
    assertThat(save("--volume-size", "1M").out()).contains("complete: ", "3 unchanged");
  }

  @Test
  void aDeltaGetsItsLateImagesToo() throws IOException {
    Path base = folder.resolve("base.tar");
    Path some = Files.writeString(folder.resolve("some.txt"), upstream.name() + "/rancher/a:v1\n");
    Command first =
        Command.run("save", "--list", some, "--output", base, "--failed", folder.resolve("f"));
    assertThat(first.exitCode()).as(first.err()).isZero();

    int steps = killAtEach("delta", true, "--base", base);

    assertThat(steps).isGreaterThan(6);
  }

  @Test
  void anArchiveIsReplaced() throws IOException {
    int steps = 0;
    for (int step = 1; step < MOST_STEPS; step++) {
      begin("replaced-" + step);
      assertThat(save().exitCode()).isZero();
      byte[] old = Files.readAllBytes(output());
      add("z", "v1", "z-of-step-" + step);
      boolean killed = KilledAtStep.run(work, step, () -> save("--overwrite"));
      assertThat(output()).as("either the old one or the new one").exists();
      if (Files.exists(work.resolve("a.tar.partial"))) {
        assertThat(output()).hasBinaryContent(old);
      }
      finish("--overwrite");
      if (!killed) {
        break;
      }
      steps++;
    }
    assertThat(steps).isBetween(6, MOST_STEPS - 2);
  }

  @Test
  void aRunWithNothingToDoChangesNothing() throws IOException {
    begin("nothing");
    assertThat(save().exitCode()).isZero();
    byte[] before = Files.readAllBytes(output());
    for (int step = 1; KilledAtStep.run(work, step, () -> save()); step++) {
      assertThat(step).isLessThan(MOST_STEPS);
      assertThat(output()).hasBinaryContent(before);
      finish();
    }
  }

  private int killAtEach(String name, boolean kept, Object... more) throws IOException {
    int steps = 0;
    for (int step = 1; step < MOST_STEPS; step++) {
      begin(name + step);
      if (kept) {
        lateIsAway = true;
        assertThat(save(more).exitCode()).isEqualTo(1);
      }
      lateIsAway = false;
      Map<Path, String> volumes = volumes();
      int asked = upstream.seen("GET", "/blobs/").size();
      boolean killed = KilledAtStep.run(work, step, () -> save(more));
      assertThat(volumes()).as("at step " + step).containsAllEntriesOf(volumes);
      finish(more);
      assertThat(volumes()).as("after step " + step).containsAllEntriesOf(volumes);
      assertThat(checksums()).containsExactlyInAnyOrderElementsOf(volumes().keySet());
      if (kept) {
        assertThat(upstream.seen("GET", "/blobs/").stream().skip(asked).toList())
            .as("nothing of what is here is fetched again, at step " + step)
            .allMatch(get -> get.target().contains("/rancher/late/"));
      }
      if (!killed) {
        return steps;
      }
      steps++;
    }
    throw new AssertionError("more than " + MOST_STEPS + " steps");
  }

  /** The finished volumes, if there are any: when they were written, and what is in them. */
  private Map<Path, String> volumes() throws IOException {
    Map<Path, String> volumes = new HashMap<>();
    for (Path file : ArchiveFileNames.ofVolumes(output()).finished()) {
      Object written = Files.getLastModifiedTime(file);
      volumes.put(file, written + " " + Digest.sha256(Files.readAllBytes(file)).hex());
    }
    return volumes;
  }

  /** The files that SHA256SUMS has a line of, each of which must be right. */
  private List<Path> checksums() throws IOException {
    Path sums = ArchiveFileNames.ofVolumes(output()).checksums();
    List<Path> files = new ArrayList<>();
    for (String line : Files.exists(sums) ? Files.readAllLines(sums) : List.<String>of()) {
      Path file = work.resolve(line.substring(66));
      assertThat(line).startsWith(Digest.sha256(Files.readAllBytes(file)).hex() + "  ");
      files.add(file);
    }
    return files;
  }

  private void begin(String name) throws IOException {
    work = Files.createDirectory(folder.resolve(name));
  }

  private Path output() {
    return work.resolve("a.tar");
  }

  private void finish(Object... more) throws IOException {
    Command again = save(more);
    assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
    List<Object> verify = new ArrayList<>(List.of("verify", "--archive"));
    try (Stream<Path> files = Files.list(work)) {
      List<Path> left = files.sorted().toList();
      assertThat(left)
          .extracting(file -> file.getFileName().toString())
          .allMatch(file -> file.matches("a(-000[0-9])?\\.tar|SHA256SUMS"));
      left.stream().filter(file -> file.toString().endsWith(".tar")).forEach(verify::add);
    }
    if (List.of(more).contains("--base")) {
      verify.add(folder.resolve("base.tar"));
    }
    verify.addAll(List.of("--list", list));
    Command verified = Command.run(verify.toArray());
    assertThat(verified.out()).as(verified.err()).contains("3 images: 3 verified");
  }

  private Command save(Object... more) {
    List<Object> all = new ArrayList<>(List.of("save", "--list", list, "--output", output()));
    all.addAll(List.of("--failed", folder.resolve("failed.txt"), "--retries", 0));
    all.addAll(List.of(more));
    return Command.run(all.toArray());
  }

  private void add(String name, String tag, String layer) {
    Manifest image =
        images.image(
            TestImages.AMD64, images.layer("shared", 400_000), images.layer(layer, 300_000));
    upstream.addManifest("rancher/" + name, tag, image.bytes(), image.mediaType());
    image.blobs().forEach(blob -> upstream.addBlob(images.content(blob.digest())));
  }
}
