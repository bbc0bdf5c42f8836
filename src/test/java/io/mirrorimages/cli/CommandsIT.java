package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The main job between two real registries, with skopeo as the judge. */
class CommandsIT {
  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private DockerRegistry upstream;
  private DockerRegistry harbor;
  private Path list;
  private Path archive;

  private final TestImages.Layer base = images.layer("base", 300_000);
  private final Manifest amd64 = images.image(TestImages.AMD64, base, images.layer("amd64", 2000));
  private final Manifest arm64 = images.image(TestImages.ARM64, base, images.layer("arm64", 2000));
  private final Manifest index = images.index(amd64, arm64);
  private final Manifest docker =
      images.dockerImage(TestImages.AMD64, base, images.layer("docker", 100));
  private final Manifest odd = images.manifest(odd(docker));
  private final Manifest chart =
      images.artifact(
          "application/vnd.cncf.helm.config.v1+json",
          "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
          "a chart".getBytes(StandardCharsets.UTF_8));

  @BeforeEach
  void fillUpstream() throws IOException {
    upstream = DockerRegistry.open();
    harbor = DockerRegistry.open();
    list = folder.resolve("images.txt");
    archive = folder.resolve("images.tar");
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      store(registries, "rancher/index:v1", index);
      store(registries, "rancher/docker:v1", docker);
      store(registries, "rancher/odd:v1", odd);
      store(registries, "rancher/charts/chart:1.2.3_up1", chart);
    }
    Files.write(
        list,
        List.of(
            "# everything there is",
            upstream.name() + "/rancher/index:v1",
            upstream.name() + "/rancher/docker:v1\r",
            "",
            upstream.name() + "/rancher/odd:v1",
            upstream.name() + "/rancher/charts/chart:1.2.3_up1"));
  }

  @AfterEach
  void stop() {
    upstream.close();
    harbor.close();
  }

  @Test
  void savesVerifiesLoadsAndVerifies() throws Exception {
    Command save = mirror("save", "--list", list, "--output", archive);
    assertThat(save).as(save.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(save.line("rancher/index:v1")).contains("copied");
    assertThat(archive.resolveSibling("images.tar.partial")).doesNotExist();
    assertThat(folder.resolve("failed.txt")).doesNotExist();

    assertThat(mirror("verify", "--archive", archive).exitCode()).isZero();
    assertThat(skopeoDigest("oci-archive:" + archive + ":" + upstream.name() + "/rancher/index:v1"))
        .isEqualTo(index.digest());

    Command load = mirror("load", "--archive", archive, "--registry", harbor.name());
    assertThat(load).as(load.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(shown("rancher/index:v1")).isEqualTo(index.digest());
    assertThat(shown("rancher/docker:v1")).isEqualTo(docker.digest());
    assertThat(shown("rancher/odd:v1")).isEqualTo(odd.digest());
    assertThat(shown("rancher/charts/chart:1.2.3_up1")).isEqualTo(chart.digest());

    assertThat(mirror("verify", "--list", list, "--registry", harbor.name()).exitCode()).isZero();
    assertThat(mirror("verify", "--list", list, "--registry", harbor.name(), "--deep").exitCode())
        .isZero();
    assertThat(mirror("verify", "--archive", archive, "--registry", harbor.name()).exitCode())
        .isZero();

    Command again = mirror("load", "--archive", archive, "--registry", harbor.name());
    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("4 unchanged").doesNotContain("copied");
  }

  @Test
  void syncsIntoAProject() throws Exception {
    Command sync = mirror("sync", "--list", list, "--registry", harbor.name() + "/mirror");

    assertThat(sync).as(sync.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(shown("mirror/rancher/index:v1")).isEqualTo(index.digest());
    assertThat(mirror("sync", "--list", list, "--registry", harbor.name() + "/mirror").out())
        .contains("4 unchanged");
  }

  @Test
  void onePlatformIsThatPlatformsManifestAndTheReportNamesBothDigests() throws Exception {
    Path report = folder.resolve("report.json");
    Command sync =
        mirror(
            "sync",
            "--list",
            list,
            "--registry",
            harbor.name(),
            "--platform",
            "linux/arm64",
            "--report",
            report);

    assertThat(sync.exitCode()).isZero();
    assertThat(shown("rancher/index:v1")).isEqualTo(arm64.digest());
    assertThat(sync.line("rancher/docker:v1")).contains("skipped", "filtered");
    JsonNode image = Json.parse(Files.readAllBytes(report), "the report").at("/images/0");
    assertThat(image.get("sourceDigest").asString()).isEqualTo(index.digest().toString());
    assertThat(image.get("targetDigest").asString()).isEqualTo(arm64.digest().toString());
  }

  @Test
  void aDryRunPrintsThePlanAndMovesNothing() throws Exception {
    Command sync = mirror("sync", "--list", list, "--registry", harbor.name(), "--dry-run");
    assertThat(sync.exitCode()).isZero();
    assertThat(sync.out())
        .contains("images to copy       4", "bytes to move", index.digest().toString());
    assertThat(mirror("verify", "--list", list, "--registry", harbor.name()).exitCode())
        .isEqualTo(1);

    Command save = mirror("save", "--list", list, "--output", archive, "--dry-run");
    assertThat(save.exitCode()).isZero();
    assertThat(archive).doesNotExist();
    mirror("save", "--list", list, "--output", archive);
    assertThat(save.out()).contains("archive size         " + Files.size(archive));
  }

  @Test
  void whatFailedCanBeFedBack() throws Exception {
    Files.writeString(
        list, upstream.name() + "/rancher/late:v1\n", java.nio.file.StandardOpenOption.APPEND);
    Path failed = folder.resolve("failed.txt");

    Command first = mirror("sync", "--list", list, "--registry", harbor.name());
    assertThat(first.exitCode()).isEqualTo(1);
    assertThat(first.line("rancher/late:v1")).contains("failed", "missing");
    assertThat(failed)
        .content()
        .contains(upstream.name() + "/rancher/late:v1")
        .doesNotContain("index");

    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      store(registries, "rancher/late:v1", docker);
    }
    Command second = mirror("sync", "--list", failed, "--registry", harbor.name());
    assertThat(second.exitCode()).isZero();
    assertThat(shown("rancher/late:v1")).isEqualTo(docker.digest());
    assertThat(failed).doesNotExist();
  }

  @Test
  void aListChoosesWhatIsLoaded() throws Exception {
    mirror("save", "--list", list, "--output", archive);
    Path some =
        Files.writeString(folder.resolve("some.txt"), upstream.name() + "/rancher/odd:v1\n");

    Command load =
        mirror("load", "--archive", archive, "--list", some, "--registry", harbor.name());

    assertThat(load.exitCode()).isZero();
    assertThat(load.out()).contains("1 image:");
  }

  @Test
  void aListThatPinsTheSourcesDigestsLoadsAnArchiveOfOnePlatform() throws Exception {
    mirror("save", "--list", list, "--output", archive, "--platform", "linux/amd64");
    Path pinned =
        Files.writeString(
            folder.resolve("pinned.txt"),
            upstream.name() + "/rancher/index:v1@" + index.digest() + "\n");

    Command load =
        mirror("load", "--archive", archive, "--list", pinned, "--registry", harbor.name());

    assertThat(load).as(load.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(shown("rancher/index:v1")).isEqualTo(amd64.digest());
  }

  @Test
  void whatWasLoadedOfAnArchiveForOnePlatformIsVerifiedForIt() throws Exception {
    mirror("save", "--list", list, "--output", archive);
    mirror("load", "--archive", archive, "--registry", harbor.name(), "--platform", "linux/arm64");

    assertThat(mirror("verify", "--archive", archive, "--registry", harbor.name()).line("index:v1"))
        .contains("failed", "its tag shows " + arm64.digest(), "not " + index.digest());
    Command one =
        mirror(
            "verify",
            "--archive",
            archive,
            "--registry",
            harbor.name(),
            "--platform",
            "linux/arm64");
    assertThat(one.line("rancher/index:v1")).contains("verified");
    assertThat(mirror("verify", "--archive", archive, "--platform", "linux/arm64").exitCode())
        .isZero();
  }

  @Test
  void anImageThatIsMissingDoesNotSpoilTheArchive() throws Exception {
    Files.writeString(
        list, upstream.name() + "/rancher/nowhere:v1\n", java.nio.file.StandardOpenOption.APPEND);

    assertThat(mirror("save", "--list", list, "--output", archive).exitCode()).isEqualTo(1);
    assertThat(mirror("verify", "--archive", archive).exitCode()).isZero();
    assertThat(mirror("load", "--archive", archive, "--registry", harbor.name()).exitCode())
        .isZero();
  }

  private Command mirror(Object... arguments) {
    Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--failed";
    all[arguments.length + 1] = folder.resolve("failed.txt");
    return Command.run(all);
  }

  private void store(Registries registries, String name, Manifest manifest) throws IOException {
    images.store(images.plan(upstream.name() + "/" + name, manifest), registries.asTarget());
  }

  private Digest shown(String name) throws Exception {
    return skopeoDigest("docker://" + harbor.name() + "/" + name);
  }

  private static Digest skopeoDigest(String image) throws Exception {
    return Digest.sha256(
        image.startsWith("docker:")
            ? Skopeo.run("inspect", "--raw", "--tls-verify=false", image)
            : Skopeo.run("inspect", "--raw", image));
  }

  /** The same manifest with white space that nobody would write, and a newline at its end. */
  private static byte[] odd(Manifest manifest) {
    String text = new String(manifest.bytes(), StandardCharsets.UTF_8);
    return (text.replace("\"schemaVersion\":", "\t\"schemaVersion\" :\r\n  ") + "\n \n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
