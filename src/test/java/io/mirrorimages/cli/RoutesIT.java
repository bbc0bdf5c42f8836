package io.mirrorimages.cli;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The options that say where images are fetched from. */
@Timeout(300)
class RoutesIT {
  @TempDir private Path folder;
  private FaultyRegistry mirror;
  private FaultyRegistry origin;
  private String name;
  private Path list;
  private Path archive;

  @BeforeEach
  void start() throws IOException {
    mirror = new FaultyRegistry();
    origin = new FaultyRegistry();
    for (FaultyRegistry server : List.of(mirror, origin)) {
      stock(server);
    }
    name = origin.name() + "/team/app:1";
    list = Files.writeString(folder.resolve("list.txt"), name + "\n");
    archive = folder.resolve("out.tar");
  }

  @AfterEach
  void stop() {
    mirror.close();
    origin.close();
  }

  @Test
  void anArchiveHasTheOriginalNamesWhereverItsContentComesFrom() throws IOException {
    Path report = folder.resolve("report.json");
    Command save = save("--mirror", origin.name() + "=" + url(), "--report", report);

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(save.line("team/app")).contains("from " + url());
    assertThat(Files.readString(report)).contains("\"servedBy\"", "\"passedOver\"", url());
    assertThat(origin.seen("GET", "/team/")).isEmpty();
    try (ArchiveReader reader = ArchiveReader.open(archive)) {
      assertThat(reader.images())
          .singleElement()
          .satisfies(i -> assertThat(i.name()).hasToString(name));
    }
    assertThat(Files.readString(archive, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(mirror.name());
  }

  @Test
  void aTargetHasThemToo() throws IOException {
    try (FaultyRegistry target = new FaultyRegistry()) {
      Command sync =
          Command.run(
              "sync",
              "--list",
              list,
              "--failed",
              folder.resolve("failed.txt"),
              "--mirror",
              "*=" + url(),
              "--registry",
              target.name());

      assertThat(sync.exitCode()).as(sync.out() + sync.err()).isZero();
      assertThat(target.manifest("team/app", "1")).isNotNull();
      assertThat(origin.seen("GET", "/team/")).isEmpty();
    }
  }

  @Test
  void aRegistriesFileIsFollowedAndItsOdditiesAreSaid() throws IOException {
    Path file = registries("    endpoints: [x]\n");
    Command save = save("--registries", file);

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(save.complaints())
        .singleElement()
        .asString()
        .startsWith("mirror-images: warning: " + file + ":4: ");
    assertThat(origin.seen("GET", "/team/")).isEmpty();
  }

  @Test
  void strictlyOdditiesAreErrors() throws IOException {
    Path file = registries("    endpoints: [x]\n    rewrites: {a: b}\n");
    Command save = save("--registries", file, "--strict");

    assertThat(save.exitCode()).isEqualTo(2);
    assertThat(save.complaints())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("mirror-images: " + file + ":5: "));
    assertThat(archive).doesNotExist();
    assertThat(mirror.seen()).isEmpty();
  }

  @Test
  void rewritesThatFitAnImageTwiceAreSaid() throws IOException {
    Path file = registries("    rewrite: {^team: x, app$: y}\n");
    Command save = save("--registries", file);

    assertThat(save.err()).contains(":4: two rewrites fit " + name.replace(":1", ""));
  }

  @Test
  void aFileThatK3sDoesNotReadIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("r.yaml"), "mirrors:\n  a.io: {endpoint: x}\n");
    assertThat(save("--registries", file).complaint(2)).contains(file + ":2: ", "must be a list");
    assertThat(save("--registries", folder.resolve("no")).complaint(2)).contains("does not exist");
    assertThat(save("--mirror", "nothing").complaint(2)).contains("not a mirror");
  }

  @Test
  void anOriginThatIsNotToBeAskedIsNot() throws IOException {
    Command save = save("--registries", registries(""), "--disable-default-endpoint");

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(origin.seen()).isEmpty();
  }

  @Test
  void theWordOfAMirrorIsTakenWhereAsked() throws IOException {
    // A HEAD alone that is refused would be followed by a GET.
    origin.on("HEAD", "", status(500, ""));
    origin.on("GET", "/manifests/", status(500, ""));
    Command asked = save("--mirror", origin.name() + "=" + url());
    assertThat(asked.exitCode()).as(asked.out() + asked.err()).isZero();
    assertThat(asked.complaints())
        .singleElement()
        .asString()
        .contains("can't be asked for its tags");

    archive = folder.resolve("other.tar");
    Command save = save("--mirror", origin.name() + "=" + url(), "--resolve", "mirror");
    assertThat(save.complaints()).isEmpty();
    assertThat(save.exitCode()).isZero();
    assertThat(save("--resolve", "nobody").exitCode()).isEqualTo(2);
  }

  private static void stock(FaultyRegistry server) {
    TestImages images = new TestImages();
    Manifest top = images.image(TestImages.AMD64, images.layer("layer", 100_000));
    server.addManifest("team/app", "1", top.bytes(), top.mediaType());
    top.blobs().forEach(blob -> server.addBlob(images.content(blob.digest())));
  }

  private Path registries(String more) throws IOException {
    return Files.writeString(
        folder.resolve("registries.yaml"),
        "mirrors:\n  \"" + origin.name() + "\":\n    endpoint: [\"" + url() + "\"]\n" + more);
  }

  private String url() {
    return "http://" + mirror.name();
  }

  private Command save(Object... more) {
    Object[] first = {
      "save",
      "--list",
      list,
      "--output",
      archive,
      "--failed",
      folder.resolve("failed.txt"),
      "--retries",
      "0"
    };
    return Command.run(
        java.util.stream.Stream.concat(
                java.util.Arrays.stream(first), java.util.Arrays.stream(more))
            .toArray());
  }
}
