package io.mirrorimages.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
  @Test
  void aPlatformThatNoImageHasIsNoSuccess() {
    assertThat(ExitCode.of(List.of(result(Status.SKIPPED), result(Status.SKIPPED))))
        .isEqualTo(ExitCode.SOME_FAILED);
    assertThat(ExitCode.of(List.of(result(Status.SKIPPED), result(Status.COPIED))))
        .isEqualTo(ExitCode.DONE);
    assertThat(ExitCode.of(List.of())).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aChartHasNoPlatformThatCouldBeMeant() {
    ImageResult chart = result(Status.COPIED).forAnyPlatform(true);
    assertThat(ExitCode.of(List.of(result(Status.SKIPPED), chart))).isEqualTo(ExitCode.SOME_FAILED);
    assertThat(
            ExitCode.of(
                List.of(result(Status.SKIPPED), result(Status.UNCHANGED).forAnyPlatform(true))))
        .isEqualTo(ExitCode.SOME_FAILED);
    assertThat(ExitCode.of(List.of(result(Status.SKIPPED), result(Status.COPIED), chart)))
        .isEqualTo(ExitCode.DONE);
    assertThat(ExitCode.of(List.of(chart))).isEqualTo(ExitCode.DONE);
  }

  private static ImageResult result(Status status) {
    Reference name = Reference.parse("rancher/a:1");
    return new ImageResult.Builder(new ImageRequest(name, name), status).build();
  }
}
