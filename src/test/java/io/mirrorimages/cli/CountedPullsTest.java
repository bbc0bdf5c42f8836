package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Seen;
import io.mirrorimages.testing.PullLimit;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is asked of a registry that counts its manifests, and what is told of it before. */
@Timeout(300)
class CountedPullsTest {
  private static final Duration WINDOW = Duration.ofHours(6);

  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private FaultyRegistry origin;
  private FaultyRegistry other;

  @BeforeEach
  void start() throws IOException {
    origin = new FaultyRegistry();
    other = new FaultyRegistry();
    // Four tags of three contents: 2 plain images and an index of two.
    Manifest one = images.image(TestImages.AMD64, images.layer("one", 100));
    stock(origin, "one", one);
    stock(origin, "same", one);
    stock(origin, "two", images.image(TestImages.AMD64, images.layer("two", 100)));
    stock(origin, "index", index("three"));
  }

  @AfterEach
  void stop() {
    origin.close();
    other.close();
  }

  private Manifest index(String content) {
    return images.index(
        images.image(TestImages.AMD64, images.layer("amd64 " + content, 100)),
        images.image(TestImages.ARM64, images.layer("arm64", 100)));
  }

  private void stock(FaultyRegistry registry, String name, Manifest top) {
    for (Descriptor child : top.children()) {
      Manifest manifest = Manifest.parse(images.content(child.digest()), child.mediaType());
      stock(registry, name, manifest);
    }
    top.blobs().forEach(blob -> registry.addBlob(images.content(blob.digest())));
    registry.addManifest("team/" + name, "1", top.bytes(), top.mediaType());
  }

  @Test
  void aSaveSaysBeforeItsFirstPullWhatItNeedsAndWhatIsLeft() throws IOException {
    PullLimit.of(origin, 100, WINDOW).countingFor("192.0.2.7");
    Command save = save("--report", folder.resolve("report.json"));

    assertThat(save.exitCode()).as(save.err()).isZero();
    assertThat(pulls(save))
        .containsExactly(
            "at least 3 counted pulls are needed, 100 of 100 per 6 h are left (anonymous, by"
                + " address)",
            "2 more counted pulls are needed, 97 of 100 per 6 h are left (anonymous, by address)",
            "5 counted pulls made, no more are needed, 95 of 100 per 6 h are left (anonymous, by"
                + " address)");
    assertThat(counted()).hasSize(5);
    assertThat(headsBeforeTheFirstPull()).isGreaterThanOrEqualTo(4);
    JsonNode told = report().at("/pulls/0");
    assertThat(told.get("place").asString()).isEqualTo(origin.name());
    assertThat(told.get("account").asString()).isEqualTo("address");
    assertThat(told.get("made").asInt()).isEqualTo(5);
    assertThat(told.get("needed").asInt()).isZero();
    assertThat(told.get("left").asInt()).isEqualTo(95);
    assertThat(save.out() + save.err() + report()).doesNotContain("192.0.2.7");
  }

  @Test
  void aDryRunSaysTheSameAndKeepsTheUserToItself() throws IOException {
    PullLimit.of(origin, 200, WINDOW).countingFor("0b5e6c1a-user");
    Command save = save("--dry-run");

    assertThat(save.exitCode()).as(save.err()).isZero();
    assertThat(pulls(save))
        .startsWith(
            "at least 3 counted pulls are needed, 200 of 200 per 6 h are left (as the user)")
        .endsWith(
            "5 counted pulls made, no more are needed, 195 of 200 per 6 h are left (as the user)");
    assertThat(save.out()).doesNotContain("0b5e6c1a");
  }

  @Test
  void aPlanSaysWhatTheRunPullsOnceMoreAndHowLongThatTakes() throws IOException {
    PullLimit.of(origin, 9, WINDOW);

    Command plan =
        Command.run("plan", "save", "--list", list(), "--output", folder.resolve("images.tar"));

    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(counted()).hasSize(5);
    assertThat(pulls(plan))
        .endsWith(
            "pulls                5 more counted pulls are needed, 4 of 9 per 6 h are left: about"
                + " 6 h (log in, or add a mirror, for more)");
  }

  @Test
  void tooFewThatAreLeftAreSaidBeforeTheyAreWaitedForAndTheDeadlineHolds() throws IOException {
    PullLimit limit = PullLimit.of(origin, 2, WINDOW);
    Command save =
        save("--deadline", "3s", "--failed", folder.resolve("failed.txt"), "--jobs", "1");

    assertThat(save.exitCode()).as(save.out() + save.err()).isEqualTo(4);
    assertThat(pulls(save))
        .containsExactly(
            "at least 3 counted pulls are needed, 2 of 2 per 6 h are left: about 6 h or more (log"
                + " in, or add a mirror, for more)");
    assertThat(limit.refused()).isZero();
    assertThat(folder.resolve("failed.txt")).content().contains("/team/index:1");
  }

  /** More images wait than there are threads, and they come first. */
  @Test
  void aLimitThatIsUsedUpHoldsUpNoImageOfAnotherRegistry() throws Exception {
    int counted = 40;
    PullLimit limit = PullLimit.of(origin, counted / 2, Duration.ofSeconds(60));
    List<String> list = new ArrayList<>();
    for (int i = 0; i < counted; i++) {
      stock(origin, "many" + i, images.image(TestImages.AMD64, images.layer("many" + i, 10)));
      list.add(origin.name() + "/team/many" + i + ":1");
    }
    stock(other, "free", images.image(TestImages.AMD64, images.layer("free", 10)));
    list.add(other.name() + "/team/free:1");
    Files.write(folder.resolve("images.txt"), list);
    try (FaultyRegistry target = new FaultyRegistry();
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      long began = System.nanoTime();
      Future<Command> sync = thread.submit(() -> sync("--registry", target.name()));
      while (target.seen("PUT", "/team/free/manifests/").isEmpty() && !sync.isDone()) {
        Thread.sleep(10);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(55));
      assertThat(limit.pulled()).isEqualTo(counted / 2);
      limit.renew();

      assertThat(sync.get().exitCode()).as(sync.get().err()).isZero();
      assertThat(sync.get().out()).contains((counted + 1) + " copied");
      assertThat(limit.refused()).isZero();
    }
  }

  @Test
  void aSecondSaveOfUnchangedImagesPullsNothing() throws IOException {
    PullLimit limit = PullLimit.of(origin, 100, WINDOW);
    assertThat(save().exitCode()).isZero();
    int before = counted().size();

    Command again = save("--overwrite");

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(counted()).hasSize(before);
    assertThat(limit.pulled()).isEqualTo(before);
    assertThat(pulls(again)).first().asString().startsWith("no counted pulls are needed, 95 of");
  }

  @Test
  void aDeltaTakesTheManifestsOfItsBase() throws IOException {
    PullLimit.of(origin, 100, WINDOW);
    assertThat(save().exitCode()).isZero();
    int before = counted().size();
    stock(origin, "two", images.image(TestImages.AMD64, images.layer("newer", 100)));

    Command delta =
        Command.run(
            "save",
            "--list",
            list(),
            "--output",
            folder.resolve("delta.tar"),
            "--base",
            folder.resolve("images.tar"),
            "--failed",
            folder.resolve("failed.txt"));

    assertThat(delta.exitCode()).as(delta.err()).isZero();
    assertThat(counted()).hasSize(before + 1);
    assertThat(pulls(delta)).first().asString().startsWith("at least 1 counted pull is needed");
  }

  @Test
  void aSecondSyncOfUnchangedImagesPullsNothing() throws IOException {
    PullLimit.of(origin, 100, WINDOW);
    assertThat(sync().exitCode()).isZero();
    assertThat(counted()).hasSize(5);

    Command again = sync();

    assertThat(again.out()).contains("4 unchanged");
    assertThat(counted()).hasSize(5);
    assertThat(pulls(again))
        .containsExactly("no counted pulls are needed, 95 of 100 per 6 h are left");
  }

  @Test
  void whatTheTargetHasOfAChangedImageIsNotPulled() throws IOException {
    PullLimit.of(origin, 100, WINDOW);
    assertThat(sync().exitCode()).isZero();
    int before = counted().size();
    // The manifest for arm64 stays as it was.
    stock(origin, "index", index("changed"));

    Command again = sync();

    assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
    assertThat(counted()).hasSize(before + 2);
    assertThat(pulls(again).get(1)).startsWith("1 more counted pull is needed");
  }

  @Test
  void onePlatformThatHasNotChangedCostsTheIndexOnly() throws IOException {
    PullLimit.of(origin, 100, WINDOW);
    Files.writeString(folder.resolve("images.txt"), origin.name() + "/team/index:1\n");
    assertThat(sync("--platform", "linux/amd64").exitCode()).isZero();
    assertThat(counted()).hasSize(2);

    Command again = sync("--platform", "linux/amd64");

    assertThat(again.out()).contains("1 unchanged");
    assertThat(counted()).hasSize(3);
  }

  @Test
  void whatAMirrorServesIsNotPulledAtTheOrigin() throws IOException {
    PullLimit.of(origin, 100, WINDOW);
    Manifest one = images.image(TestImages.AMD64, images.layer("one", 100));
    stock(other, "one", one);
    Files.writeString(folder.resolve("images.txt"), origin.name() + "/team/one:1\n");

    Command save = save("--mirror", origin.name() + "=" + other.url(""));

    assertThat(save.exitCode()).as(save.err()).isZero();
    assertThat(counted()).isEmpty();
    assertThat(pulls(save))
        .containsExactly(
            "at least 1 counted pull would be needed if what is asked before it had nothing, 100 of"
                + " 100 per 6 h are left");
  }

  @Test
  void aMirrorThatCountsIsToldOfToo() throws IOException {
    PullLimit.of(other, 1, WINDOW);
    for (String name : List.of("one", "two")) {
      Manifest top = Manifest.parse(origin.manifest("team/" + name, "1"), "");
      stock(other, name, top);
    }
    Files.writeString(
        folder.resolve("images.txt"),
        origin.name() + "/team/one:1\n" + origin.name() + "/team/two:1\n");

    Command save = save("--mirror", origin.name() + "=" + other.url(""));

    assertThat(save.exitCode()).as(save.err()).isZero();
    assertThat(save.out())
        .contains(
            other.url("")
                + ": at least 2 counted pulls are needed, 1 of 1 per 6 h are left: the rest is"
                + " asked for elsewhere");
    assertThat(counted()).hasSize(1);
  }

  @Test
  void anUnchangedImageCostsOneHeadAtEachSideWhereNobodyCounts() throws IOException {
    assertThat(sync().exitCode()).isZero();
    int before = origin.seen("HEAD", "/manifests/").size();
    int images = Files.readAllLines(folder.resolve("images.txt")).size();

    assertThat(sync().out()).contains(images + " unchanged");

    assertThat(origin.seen("HEAD", "/manifests/")).hasSize(before + images);
  }

  @Test
  void whoCountsNothingIsNotSpokenOf() throws IOException {
    Command save = save("--report", folder.resolve("report.json"));

    assertThat(save.exitCode()).as(save.err()).isZero();
    assertThat(save.out()).doesNotContain("counted");
    assertThat(report().get("pulls").isEmpty()).isTrue();
    // One HEAD found that out, and the content told the rest.
    assertThat(origin.seen("HEAD", "/manifests/")).hasSize(1);
  }

  private List<Seen> counted() {
    return origin.seen("GET", "/manifests/");
  }

  private long headsBeforeTheFirstPull() {
    return origin.seen().stream()
        .filter(seen -> seen.target().contains("/manifests/"))
        .takeWhile(seen -> seen.method().equals("HEAD"))
        .count();
  }

  private List<String> pulls(Command command) {
    return command
        .out()
        .lines()
        .filter(line -> line.contains("counted pull"))
        .map(line -> line.replace(origin.name() + ": ", ""))
        .toList();
  }

  private JsonNode report() throws IOException {
    return Json.MAPPER.readTree(Files.readAllBytes(folder.resolve("report.json")));
  }

  private Path list() throws IOException {
    Path list = folder.resolve("images.txt");
    if (!Files.exists(list)) {
      Files.write(
          list,
          List.of("one", "same", "two", "index").stream()
              .map(name -> origin.name() + "/team/" + name + ":1")
              .toList());
    }
    return list;
  }

  private Command save(Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of("save", "--list", list(), "--output", folder.resolve("images.tar")));
    if (!List.of(more).contains("--failed")) {
      arguments.addAll(List.of("--failed", folder.resolve("failed.txt")));
    }
    arguments.addAll(List.of(more));
    return Command.run(arguments.toArray());
  }

  private Command sync(Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of("sync", "--list", list(), "--failed", folder.resolve("failed.txt")));
    if (!List.of(more).contains("--registry")) {
      arguments.addAll(List.of("--registry", other.name()));
    }
    arguments.addAll(List.of(more));
    return Command.run(arguments.toArray());
  }
}
