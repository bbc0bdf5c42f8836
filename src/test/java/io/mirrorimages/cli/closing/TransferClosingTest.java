package io.mirrorimages.cli.closing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
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
            new TransferClosing(
                    source.equals("--archive") ? Optional.of(List.of()) : Optional.empty(),
                    Optional.empty(),
                    List.of())
                .lines(new EndedRun(List.of(failed), 3, Optional.of(Path.of("failed.txt")))))
        .containsExactly(
            "next: "
                + first.strip()
                + (first.isEmpty() ? "" : " ")
                + "what is not done is brought by the same command with --list failed.txt");
  }

  @Test
  void namesTheVolumesThatAreDamaged() {
    Digest damaged = Digest.sha256(new byte[] {1});
    Reference name = Reference.parse("rancher/lost:v1");
    ImageResult failed =
        ImageResult.failed(
            new ImageRequest(name, name),
            Optional.empty(),
            new TransferException(FailureKind.CORRUPT, "blob " + damaged + " is damaged"));
    TransferClosing closing =
        new TransferClosing(
            Optional.of(
                List.of(
                    volume("x-0001.tar", Digest.sha256(new byte[] {2})),
                    volume("my x-0002.tar", damaged))),
            Optional.empty(),
            List.of());

    assertThat(closing.lines(new EndedRun(List.of(failed), 1, Optional.of(Path.of("failed.txt")))))
        .containsExactly(
            "next: copy 'my x-0002.tar' again; then what is not done is brought by the same"
                + " command with --list failed.txt");
  }

  @ParameterizedTest
  @CsvSource({
    "true, '', 0, --archive and --registry",
    "true, '--name --plain-http', 0, '--archive, --registry, --name and --plain-http'",
    "true, --platform, 2, '--archive, --registry and --platform'",
    "false, '', 0, --list and --registry",
    "false, --platform, 0, '--list, --registry and --platform'",
    "false, --platform, 1, '--list without the 1 skipped image, --registry and --platform'",
    "false, --platform, 2, '--list without the 2 skipped images, --registry and --platform'"
  })
  void advisesACheckThatPasses(boolean archive, String shared, int skipped, String options) {
    ImageRequest request = new ImageRequest(Reference.parse("a/b:1"), Reference.parse("a/b:1"));
    Digest digest = Digest.sha256(new byte[0]);
    List<ImageResult> results =
        new ArrayList<>(Collections.nCopies(skipped, ImageResult.skipped(request, digest, "")));
    results.add(new ImageResult.Builder(request, Status.COPIED).build());

    assertThat(
            new TransferClosing(
                    archive ? Optional.of(List.of()) : Optional.empty(),
                    Optional.empty(),
                    shared.isEmpty() ? List.of() : List.of(shared.split(" ")))
                .lines(new EndedRun(results, 0, Optional.empty())))
        .containsExactly("next: check it: mirror-images verify with the same " + options);
  }

  @Test
  void advisesACheckOfTheFolder() {
    ImageRequest request = new ImageRequest(Reference.parse("a/b:1"), Reference.parse("a/b:1"));
    ImageResult copied = new ImageResult.Builder(request, Status.COPIED).build();

    assertThat(
            new TransferClosing(
                    Optional.empty(), Optional.of(Path.of("my images")), List.of("--platform"))
                .lines(new EndedRun(List.of(copied), 0, Optional.empty())))
        .containsExactly("next: check it: mirror-images verify --archive 'oci:my images'");
    assertThat(
            new TransferClosing(
                    Optional.empty(),
                    Optional.of(Path.of("x")),
                    List.of("--platform", "--allow-missing-foreign-layers"))
                .lines(new EndedRun(List.of(copied), 0, Optional.empty())))
        .containsExactly(
            "next: check it: mirror-images verify --archive oci:x --allow-missing-foreign-layers");
  }

  private static ArchivedFile volume(String name, Digest blob) {
    return new ArchivedFile(
        Path.of(name), "OCI image layout in a tar", 1, Optional.empty(), Set.of(blob));
  }
}
