package io.mirrorimages.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FolderTargetTest {
  @TempDir private Path temporary;
  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final Manifest shell = images.image(TestImages.AMD64, images.layer("shell", 5000));

  @Test
  void aPlanMakesNoFolder() throws IOException {
    Path folder = temporary.resolve("images");
    SyncJob job = job("rancher/shell:1");

    try (FolderTarget target = new FolderTarget(folder)) {
      assertThat(job.plan(JobSource.of(source), target, JobListener.NONE).images()).hasSize(1);
    }

    assertThat(folder).doesNotExist();
  }

  @Test
  void imagesHaveTheirNamesAndTheFolderIsFreeWhenTheJobReturns() throws IOException {
    Path folder = temporary.resolve("images");
    SyncJob job = job("rancher/shell:1");

    try (FolderTarget target = new FolderTarget(folder)) {
      JobResult first = run(job, target);
      assertThat(first.isDone()).isTrue();
      try (ArchiveReader there = ArchiveReader.openAll(List.of(layout(folder)))) {
        assertThat(there.resolve(Reference.parse("rancher/shell:1"))).contains(shell.digest());
      }
      try (FolderTarget next = new FolderTarget(folder)) {
        assertThat(run(job, next).isDone()).isTrue();
      }
    }
  }

  @Test
  void aTagStandsForTheImageThatIsNotPinned() {
    Digest other = Digest.sha256(new byte[1]);
    List<ImageRequest> requests =
        FolderTarget.requests(List.of(Reference.parse("a/b:1@" + other), Reference.parse("a/b:1")));

    assertThat(requests)
        .extracting(request -> request.target().toString())
        .containsExactly("docker.io/a/b@" + other, "docker.io/a/b:1");
  }

  private SyncJob job(String name) {
    source.add(images, name, shell);
    return new SyncJob(
        FolderTarget.requests(List.of(Reference.parse(name))), MirrorOptions.defaults());
  }

  private JobResult run(SyncJob job, FolderTarget target) throws IOException {
    return job.run(JobSource.of(source), target, JobListener.NONE, Cancellation.NONE);
  }

  private static ImageLocation.Local layout(Path folder) {
    return new ImageLocation.OciLayout(folder);
  }
}
