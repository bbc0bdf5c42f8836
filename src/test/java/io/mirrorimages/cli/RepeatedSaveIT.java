package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command of a save that was finished, given once more. */
@Timeout(300)
class RepeatedSaveIT {
  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private FaultyRegistry upstream;
  private Path list;
  private Path output;

  @BeforeEach
  void start() throws IOException {
    upstream = new FaultyRegistry();
    add("a", images.image(TestImages.AMD64, images.layer("a", 400_000)));
    add("b", images.image(TestImages.ARM64, images.layer("b", 400_000)));
    list = list("a", "b");
    output = folder.resolve("rancher.tar");
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void endsWellAndAsksNobody() throws IOException {
    assertThat(save().exitCode()).isZero();
    byte[] before = Files.readAllBytes(output);
    int asked = upstream.seen().size();

    for (int i = 0; i < 2; i++) {
      Command again = save("--report", folder.resolve("r.json"));
      assertThat(again.exitCode()).as(again.err()).isZero();
      assertThat(again.out())
          .contains(
              "complete: ",
              "2 images",
              "nothing to do (its bytes are not hashed here: verify does that; ");
      assertThat(again.out()).contains("2 images: 2 unchanged");
    }

    assertThat(folder.resolve("r.json")).content().contains("\"exitCode\" : 0");
    assertThat(upstream.seen()).hasSize(asked);
    assertThat(output).hasBinaryContent(before);
    assertThat(folder.resolve("failed.txt")).doesNotExist();
    assertThat(save("--dry-run").exitCode()).isZero();
  }

  @Test
  void ofVolumesAndDeltasToo() throws IOException {
    assertThat(save("--volume-size", "700k").exitCode()).isZero();
    assertThat(save("--volume-size", "700k").out()).contains("complete: ");
    // One of them is gone: that is no complete archive.
    Files.delete(folder.resolve("rancher-0002.tar"));
    assertThat(save("--volume-size", "700k").complaint(2)).contains("not overwritten");

    Path base = folder.resolve("base.tar");
    Path some = list("a");
    assertThat(save("--list", some, "--output", base).exitCode()).isZero();
    Object[] delta = {"--base", base, "--output", folder.resolve("delta.tar")};
    assertThat(save(delta).exitCode()).isZero();
    assertThat(save(delta).out()).contains("complete: ");
  }

  @Test
  void anotherListPlatformOrSizeIsRefusedAsEver() throws IOException {
    assertThat(save().exitCode()).isZero();
    byte[] before = Files.readAllBytes(output);

    assertThat(save("--list", list("a")).complaint(2)).contains("not overwritten", "--overwrite");
    assertThat(save("--platform", "linux/amd64").complaint(2)).contains("not overwritten");
    assertThat(save("--refresh").complaint(2)).contains("not overwritten");
    assertThat(output).hasBinaryContent(before);
  }

  @Test
  void whatThePlatformsLeftOutDoesNotMakeItIncomplete() throws IOException {
    assertThat(save("--platform", "linux/amd64").exitCode()).isZero();

    Command again = save("--platform", "linux/amd64");

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("1 unchanged, 1 skipped");
  }

  @Test
  void anArchiveThatIsCutOffIsNotComplete() throws IOException {
    assertThat(save().exitCode()).isZero();
    Files.write(output, Arrays.copyOf(Files.readAllBytes(output), 300_000));

    assertThat(save().complaint(2)).contains("not overwritten");
  }

  @Test
  void imagesThatAreStillMissingAreTriedAgain() throws IOException {
    Files.writeString(
        list, upstream.name() + "/rancher/c:v1\n", java.nio.file.StandardOpenOption.APPEND);
    assertThat(save().exitCode()).isEqualTo(1);
    assertThat(save().exitCode()).isEqualTo(1);
    assertThat(folder.resolve("failed.txt")).content().contains("/rancher/c:v1");
    add("c", images.image(TestImages.AMD64, images.layer("c", 1000)));

    assertThat(save().exitCode()).isZero();
    assertThat(save().out()).contains("complete: ");
  }

  private Path list(String... names) throws IOException {
    return Files.write(
        folder.resolve("list-" + names.length + ".txt"),
        Arrays.stream(names).map(n -> upstream.name() + "/rancher/" + n + ":v1").toList());
  }

  private void add(String name, Manifest image) {
    upstream.addManifest("rancher/" + name, "v1", image.bytes(), image.mediaType());
    image.blobs().forEach(blob -> upstream.addBlob(images.content(blob.digest())));
  }

  private Command save(Object... more) {
    List<Object> all = new ArrayList<>(List.of("save", "--retries", 0));
    List<Object> given = Arrays.asList(more);
    if (!given.contains("--list")) {
      all.addAll(List.of("--list", list));
    }
    if (!given.contains("--output")) {
      all.addAll(List.of("--output", output));
    }
    all.addAll(List.of("--failed", folder.resolve("failed.txt")));
    all.addAll(given);
    return Command.run(all.toArray());
  }
}
