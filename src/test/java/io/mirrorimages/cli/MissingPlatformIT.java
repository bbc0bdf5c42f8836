package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A platform that no image of the list has, beside a chart, which has none. */
@Timeout(300)
class MissingPlatformIT {
  private static final String NONE = "no image has a platform of --platform: only what has none";

  @TempDir private Path folder;
  private ListedImages images;

  @BeforeEach
  void start() throws IOException {
    images = new ListedImages(folder);
    images.add("rancher/shell:v1", 1000);
    images.add(
        "rancher/chart:v1",
        images
            .images()
            .artifact(
                "application/vnd.cncf.helm.config.v1+json",
                "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
                "a chart".getBytes(StandardCharsets.UTF_8)));
  }

  @AfterEach
  void stop() {
    images.close();
  }

  @Test
  void saveIsNoSuccessWhenItIsPlannedNorWhenItIsRepeated() throws IOException {
    Path output = folder.resolve("a.tar");
    assertThat(save(output, "linux/s390x", "--dry-run").exitCode()).isEqualTo(1);
    for (int i = 0; i < 2; i++) {
      Command save = save(output, "linux/s390x");
      assertThat(save.exitCode()).as(save.out() + save.err()).isEqualTo(1);
      assertThat(save.err()).contains(NONE);
    }
    assertThat(output).exists();
  }

  @Test
  void syncIsNoSuccessWhetherTheChartIsNewOrThere() throws IOException {
    try (DockerRegistry target = DockerRegistry.open()) {
      for (String chart : List.of("copied", "unchanged")) {
        Command sync =
            images.run(
                "",
                List.of(
                    "sync",
                    "--list",
                    images.list(),
                    "--registry",
                    target.name(),
                    "--platform",
                    "linux/s390x"));
        assertThat(sync.exitCode()).as(sync.out() + sync.err()).isEqualTo(1);
        assertThat(sync.line("rancher/chart")).contains(chart);
        assertThat(sync.err()).contains(NONE);
      }
    }
  }

  @Test
  void aPlatformThatOneImageHasIsASuccessAlsoWhenItIsPlanned() throws IOException {
    images.add(
        "rancher/other:v1",
        images.images().image(TestImages.ARM64, images.images().layer("other", 10)));
    Path output = folder.resolve("a.tar");

    assertThat(save(output, "linux/arm64", "--dry-run").exitCode()).isZero();
    assertThat(save(output, "linux/arm64").exitCode()).isZero();
    assertThat(save(output, "linux/arm64").exitCode()).isZero();
  }

  private Command save(Path output, String platform, Object... more) throws IOException {
    return images.run(
        "",
        List.of("save", "--list", images.list(), "--output", output, "--platform", platform),
        more);
  }
}
