package io.mirrorimages.cli.closing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.event.RunEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaveAdviceTest {
  @TempDir private Path folder;
  private ArchiveSpec volumes;

  @BeforeEach
  void makeVolumes() throws Exception {
    volumes =
        new ArchiveSpec(
            folder.resolve("x.tar"), OptionalLong.of(1_000_000), Optional.empty(), false);
    Files.createFile(volumes.file(1));
    Files.createFile(volumes.file(2));
  }

  @Test
  void aWrongNameIsCorrectedAndWhatTheSourceLacksIsAddedOnceItHasIt() {
    assertThat(adviceFor(FailureKind.MISSING))
        .contains(
            "1 image could not be planned: if a name is wrong, correct it in the list; once the"
                + " source has it, run the same command again");
  }

  @Test
  void aFullDiskIsNotTheSourcesMatter() {
    assertThat(adviceFor(FailureKind.SPACE))
        .contains("1 image could not be planned: free space on the disk, then run the same command")
        .doesNotContain("once the source has");
  }

  @Test
  void theBaseIsTheLastVolumeWhichKnowsAllOfThem() {
    assertThat(adviceFor(FailureKind.NETWORK))
        .endsWith("--list failed.txt --base " + folder.resolve("x-0002.tar"));
  }

  /** What is said if one image was brought and another could not be planned. */
  private String adviceFor(FailureKind kind) {
    ImageRequest brought = request("rancher/brought:v1");
    ImageRequest lost = request("rancher/lost:v1");
    PlannedImage planned =
        new PlannedImage(
            brought, Digest.sha256(new byte[0]), List.of(), Set.of(), Optional.empty(), Set.of());
    ImageResult failed =
        ImageResult.failed(lost, Optional.empty(), new TransferException(kind, "it failed"));
    Plan plan = new Plan(List.of(planned), List.of(failed), Plan.EMPTY.totals());
    List<RunEvent> said = new ArrayList<>();

    SaveAdvice.report(
        new JobResult(List.of(failed), Optional.of(plan)),
        List.of(),
        volumes,
        Path.of("failed.txt"),
        said::add);

    assertThat(said).hasSize(1);
    return ((RunEvent.Hint) said.getFirst()).text();
  }

  private static ImageRequest request(String name) {
    return new ImageRequest(Reference.parse(name), Reference.parse(name));
  }
}
