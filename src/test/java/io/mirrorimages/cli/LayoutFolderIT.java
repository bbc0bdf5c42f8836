package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Digest;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.serve.ArchiveServer;
import io.mirrorimages.serve.ServerOptions;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.KilledAtStep;
import io.mirrorimages.testing.Skopeo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code oci:DIR} in all commands, and in the hands of skopeo, with a real registry. */
@Timeout(600)
class LayoutFolderIT {
  private static final int MOST_STEPS = 200;

  @TempDir private Path folder;
  private DockerRegistry upstream;
  private Path sample;
  private Path list;
  private Map<String, String> digests;
  private Path layout;

  @BeforeEach
  void fillRegistry() throws IOException {
    upstream = DockerRegistry.open();
    sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    Command load = run("load", "--archive", sample, "--registry", upstream.name());
    assertThat(load.exitCode()).as(load.err()).isZero();
    try (ArchiveReader reader = ArchiveReader.open(sample)) {
      digests = digests(reader, "docker.io", upstream.name());
    }
    list = Files.write(folder.resolve("images.txt"), digests.keySet());
    layout = folder.resolve("layout");
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void whatIsSavedIsReadByEveryCommandWithTheSameDigests() throws Exception {
    Command dry = save("--dry-run");
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(layout).doesNotExist();

    Command saved = save();
    assertThat(saved.exitCode()).as(saved.err()).isZero();
    assertThat(saved.out()).contains(digests.size() + " images: " + digests.size() + " copied");
    assertThat(digestsIn(layout)).isEqualTo(digests);

    Command verified = run("verify", "--archive", "oci:" + layout);
    assertThat(verified.out())
        .contains(digests.size() + " images: " + digests.size() + " verified");
    assertThat(Command.run("inspect", "oci:" + layout).out())
        .contains(digests.size() + " images, ")
        .contains("linux/amd64 linux/arm64");
    try (DockerRegistry target = DockerRegistry.open()) {
      Command loaded = run("load", "--archive", "oci:" + layout, "--registry", target.name());
      assertThat(loaded.exitCode()).as(loaded.err()).isZero();
      assertSame(target.name());
    }
    try (ArchiveReader reader = read(layout);
        ArchiveServer server =
            ArchiveServer.start(
                reader, new InetSocketAddress("127.0.0.1", 0), ServerOptions.defaults())) {
      assertSame("127.0.0.1:" + server.address().getPort());
    }
  }

  @Test
  void aSecondRunHasNothingToDoAndAThirdReplacesWhatMoved() throws Exception {
    assertThat(save().exitCode()).isZero();
    byte[] before = Files.readAllBytes(layout.resolve("index.json"));

    Command again = save();

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains(digests.size() + " unchanged");
    assertThat(layout.resolve("index.json")).hasBinaryContent(before);

    List<String> names = List.copyOf(digests.keySet());
    Skopeo.run(
        "copy",
        "--all",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        "docker://" + names.getFirst(),
        "docker://" + names.getLast());
    digests.put(names.getLast(), digests.get(names.getFirst()));
    assertThat(save().out()).contains("1 copied");
    assertThat(digestsIn(layout)).isEqualTo(digests);
  }

  /** Where a registry is named, a folder can be, and an archive becomes one. */
  @ParameterizedTest
  @ValueSource(strings = {"load", "sync"})
  void loadAndSyncFillFolders(String command) throws Exception {
    List<Object> arguments =
        command.equals("load")
            ? List.of("load", "--archive", sample)
            : List.of("sync", "--list", list);
    Command dry = run(arguments, "--registry", "oci:" + layout, "--dry-run");
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(layout).doesNotExist();

    Command filled = run(arguments, "--registry", "oci:" + layout);

    assertThat(filled.exitCode()).as(filled.err()).isZero();
    assertThat(digestsIn(layout).values()).containsExactlyInAnyOrderElementsOf(digests.values());
    assertThat(run("verify", "--archive", "oci:" + layout).exitCode()).isZero();
  }

  @Test
  void skopeoReadsWhatIsSaved() throws Exception {
    assertThat(save().exitCode()).isZero();
    try (DockerRegistry target = DockerRegistry.open()) {
      for (String name : ofSkopeo()) {
        Skopeo.run(
            "copy",
            "--all",
            "--preserve-digests",
            "--dest-tls-verify=false",
            "oci:" + layout + ":" + name,
            "docker://" + name.replace(upstream.name(), target.name()));
        assertThat(shown(name.replace(upstream.name(), target.name())))
            .as(name)
            .isEqualTo(digests.get(name));
      }
    }
  }

  @Test
  void whatSkopeoWroteIsLoadedAndAddedTo() throws Exception {
    for (String name : ofSkopeo()) {
      Skopeo.run(
          "copy",
          "--all",
          "--preserve-digests",
          "--src-tls-verify=false",
          "docker://" + name,
          "oci:" + layout + ":" + name);
    }
    Map<String, String> written = new LinkedHashMap<>(digests);
    written.keySet().retainAll(ofSkopeo());
    assertThat(digestsIn(layout)).isEqualTo(written);
    try (DockerRegistry target = DockerRegistry.open()) {
      Command loaded = run("load", "--archive", "oci:" + layout, "--registry", target.name());
      assertThat(loaded.exitCode()).as(loaded.err()).isZero();
      for (String name : written.keySet()) {
        assertThat(shown(name.replace(upstream.name(), target.name())))
            .isEqualTo(written.get(name));
      }
    }

    Command added = save();

    assertThat(added.exitCode()).as(added.err()).isZero();
    assertThat(added.out()).contains(written.size() + " unchanged");
    assertThat(digestsIn(layout)).isEqualTo(digests);
    Path copy = folder.resolve("copy");
    String name = ofSkopeo().getFirst();
    Skopeo.run("copy", "--all", "oci:" + layout + ":" + name, "oci:" + copy + ":x:y");
    assertThat(digestsIn(copy).values()).containsExactly(digests.get(name));
  }

  /** As skopeo and regctl name them that are told a bare tag. */
  @Test
  void imagesWithoutANameAreLoadedByTheirDigests() throws Exception {
    String name = ofSkopeo().getFirst();
    String digest = digests.get(name);
    Skopeo.run(
        "copy",
        "--all",
        "--preserve-digests",
        "--src-tls-verify=false",
        "docker://" + name,
        "oci:" + layout + ":v1");
    assertThat(Command.run("inspect", "oci:" + layout).out())
        .contains("1 image without a name:\n  " + digest + "  linux/amd64");
    assertThat(run("load", "--archive", "oci:" + layout, "--registry", "localhost:1").complaint(3))
        .contains("has no image with a full name", "or a --list with the digests");
    Files.writeString(list, "docker.io/rancher/renamed:v1@" + digest + "\n");
    try (DockerRegistry target = DockerRegistry.open()) {
      Command named =
          Command.run(
              "load",
              "oci:" + layout,
              "--name",
              "rancher/named",
              "--registry",
              target.name() + "/n");
      assertThat(named.exitCode()).as(named.err()).isZero();
      assertThat(named.out()).contains("rancher/named:v1", "1 image: 1 copied");
      Command loaded =
          run("load", "--archive", "oci:" + layout, "--list", list, "--registry", target.name());

      assertThat(loaded.exitCode()).as(loaded.err()).isZero();
      assertThat(shown(target.name() + "/rancher/renamed:v1")).isEqualTo(digest);
    }
    Command verified = run("verify", "--archive", "oci:" + layout, "--list", list);
    assertThat(verified.out()).as(verified.err()).contains("1 image: 1 verified");
  }

  /** A kill before each step on a file; the same command then ends well. */
  @Test
  void aSaveThatIsKilledAtAnyStepIsContinued() throws Exception {
    String chart =
        digests.keySet().stream().filter(name -> name.contains("chart")).findFirst().orElseThrow();
    Files.writeString(list, chart + "\n");
    int steps = 0;
    for (int step = 1; step < MOST_STEPS; step++) {
      layout = Files.createDirectory(folder.resolve("work" + step)).resolve("layout");
      boolean killed = KilledAtStep.run(layout, step, () -> save("--jobs", 1));
      Command again = save("--jobs", 1);
      assertThat(again.exitCode()).as("step " + step + ": " + again.out() + again.err()).isZero();
      assertThat(run("verify", "--archive", "oci:" + layout, "--list", list).exitCode()).isZero();
      try (Stream<Path> left = Files.list(layout)) {
        assertThat(left.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("oci-layout", "index.json", "blobs");
      }
      if (!killed) {
        break;
      }
      steps++;
    }
    assertThat(steps).isBetween(15, MOST_STEPS - 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--volume-size 1G  | --volume-size does not go with oci:",
        "--base sample.tar | --base does not go with oci:",
        "--overwrite       | --overwrite does not go with oci:",
        "--refresh         | --refresh does not go with oci:",
        "--segments 4      | --segments does not go with oci:",
      })
  void optionsOfArchivesAreRefused(String options, String complaint) {
    assertThat(save((Object[]) options.split(" ")).complaint(2)).contains(complaint);
    assertThat(layout).doesNotExist();
  }

  @Test
  void placesThatCanNotBeAreSaidInOneLine() throws IOException {
    Files.createDirectory(layout);
    Files.writeString(layout.resolve("mine.txt"), "");
    assertThat(save().complaint(2)).contains("is not empty, and no OCI image layout");

    assertThat(run("load", "--archive", "oci:" + layout, "--registry", "localhost:1").complaint(3))
        .contains("is no OCI image layout: it has no oci-layout");
    assertThat(run("load", "--archive", layout, "--registry", "localhost:1").complaint(2))
        .contains("oci:DIR");
    assertThat(Command.run("save", "--list", list, "--output", "oci:").complaint(2))
        .contains("oci: lacks the path behind it");
    assertThat(run("verify", "--archive", sample, "--registry", "oci:" + layout).complaint(2))
        .contains("verify --archive oci:" + layout + " checks a folder");
    assertThat(
            run("sync", "--list", list, "--registry", "oci:" + layout, "--map", "a=b").complaint(2))
        .contains("--mapping and --map do not go with oci:");
  }

  private Command save(Object... more) {
    return run(List.of("save", "--list", list, "--output", "oci:" + layout), more);
  }

  private Command run(Object... arguments) {
    return run(List.of(arguments));
  }

  private Command run(List<Object> arguments, Object... more) {
    List<Object> all = new ArrayList<>(arguments);
    all.addAll(List.of("--failed", folder.resolve("failed.txt")));
    if (List.of("load", "sync").contains(all.getFirst())) {
      all.addAll(List.of("--state", folder.resolve("state")));
    }
    all.addAll(List.of(more));
    return Command.run(all.toArray());
  }

  /** Skopeo 1.9 does not find images of Docker's own types by name in a layout. */
  private List<String> ofSkopeo() {
    return digests.keySet().stream()
        .filter(name -> !name.contains("sample-agent") && !name.contains("sample-pause"))
        .toList();
  }

  private void assertSame(String registry) throws Exception {
    for (Map.Entry<String, String> image : digests.entrySet()) {
      assertThat(shown(image.getKey().replace(upstream.name(), registry)))
          .as(image.getKey())
          .isEqualTo(image.getValue());
    }
  }

  /** The digest of the bytes that a registry shows, as skopeo gets them. */
  private static String shown(String name) throws Exception {
    byte[] manifest = Skopeo.run("inspect", "--raw", "--tls-verify=false", "docker://" + name);
    return Digest.sha256(manifest).toString();
  }

  private static ArchiveReader read(Path layout) throws IOException {
    return ArchiveReader.openAll(List.of(new ImageLocation.OciLayout(layout)));
  }

  private static Map<String, String> digestsIn(Path layout) throws IOException {
    try (ArchiveReader reader = read(layout)) {
      return digests(reader, "", "");
    }
  }

  private static Map<String, String> digests(ArchiveReader reader, String from, String to) {
    Map<String, String> digests = new LinkedHashMap<>();
    for (ArchivedImage image : reader.images()) {
      digests.put(
          image.name().toString().replace(from, to), image.descriptor().digest().toString());
    }
    return digests;
  }
}
