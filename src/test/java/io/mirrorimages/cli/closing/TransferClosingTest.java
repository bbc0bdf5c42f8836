package io.mirrorimages.cli.closing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferClosingTest {
  @ParameterizedTest
  @CsvSource({
    "--archive, DENIED, mend the login or its rights; then ",
    "--list, DENIED, mend the login or its rights; then ",
    "--archive, CORRUPT, copy the archive again; then ",
    "--archive, MISSING, bring an archive that has what is missing; then ",
    "--list, MISSING, check the names; then ",
    "--list, NETWORK, ''"
  })
  void saysWhatHasToBeDoneBeforeAnotherRun(String source, FailureKind kind, String first) {
    Reference name = Reference.parse("rancher/lost:v1");
    ImageResult failed =
        ImageResult.failed(
            new ImageRequest(name, name),
            Optional.empty(),
            new TransferException(kind, "it failed"));

    assertThat(
            new TransferClosing(source)
                .lines(new EndedRun(List.of(failed), 3, Optional.of(Path.of("failed.txt")))))
        .containsExactly(
            "next: "
                + first.strip()
                + (first.isEmpty() ? "" : " ")
                + "what is not done is brought by the same command with --list failed.txt");
  }
}
