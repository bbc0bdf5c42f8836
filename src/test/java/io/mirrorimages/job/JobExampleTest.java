package io.mirrorimages.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.save.SaveJob;
import io.mirrorimages.job.save.SaveOptions;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of the package documentation: a save that is stopped, resumed, and loaded. */
@Timeout(120)
class JobExampleTest {
  @TempDir private Path folder;

  @Test
  void savesWithResumeAndLoads() throws Exception {
    TestImages images = new TestImages();
    MemoryRegistry source = new MemoryRegistry();
    MemoryRegistry target = new MemoryRegistry();
    Manifest shell = images.image(TestImages.AMD64, images.layer("shell", 5000));
    Manifest agent = images.image(TestImages.AMD64, images.layer("agent", 5000));
    source.add(images, "rancher/shell:1", shell);
    source.add(images, "rancher/agent:1", agent);
    List<Reference> names =
        List.of(Reference.parse("rancher/shell:1"), Reference.parse("rancher/agent:1"));
    SaveOptions options = SaveOptions.of(folder.resolve("rancher.tar"), names);
    StopWhenPlanned stop = new StopWhenPlanned();

    JobResult stopped = SaveJob.of(options).run(JobSource.of(source), stop, stop);
    source.forgetRequests();
    JobResult saved =
        SaveJob.of(options).run(JobSource.of(source), JobListener.NONE, Cancellation.NONE);
    List<ImageRequest> requests = names.stream().map(n -> new ImageRequest(n, n)).toList();
    try (ArchiveReader archive = ArchiveReader.open(List.of(options.archive().output()))) {
      new LoadJob(requests, options.mirror(), name -> name)
          .run(
              JobSource.of(archive),
              JobTarget.of(target.asTarget()),
              JobListener.NONE,
              Cancellation.NONE);
    }

    assertThat(stopped.isUnfinished()).isTrue();
    assertThat(saved.isDone()).isTrue();
    assertThat(source.requests("GET")).as("the plan is resumed").isEmpty();
    assertThat(target.shown("rancher/shell:1").orElseThrow().digest()).isEqualTo(shell.digest());
    assertThat(target.shown("rancher/agent:1").orElseThrow().digest()).isEqualTo(agent.digest());
  }

  @Test
  void syncsAndVerifies() throws Exception {
    TestImages images = new TestImages();
    MemoryRegistry source = new MemoryRegistry();
    MemoryRegistry target = new MemoryRegistry();
    TestImages.Layer layer = images.layer("shell", 5000);
    source.add(images, "rancher/shell:1", images.image(TestImages.AMD64, layer));
    List<ImageRequest> requests =
        Destination.parse("harbor.lan/mirror")
            .requests(List.of(Reference.parse("rancher/shell:1")));
    SyncJob sync = new SyncJob(requests, MirrorOptions.defaults());
    VerifyJob verify = new VerifyJob(requests, MirrorOptions.defaults(), true);

    Plan plan = sync.plan(JobSource.of(source), JobTarget.of(target.asTarget()), JobListener.NONE);
    boolean before = verify.run(JobSource.of(target), JobListener.NONE, Cancellation.NONE).isDone();
    sync.run(
        JobSource.of(source), JobTarget.of(target.asTarget()), JobListener.NONE, Cancellation.NONE);
    boolean after = verify.run(JobSource.of(target), JobListener.NONE, Cancellation.NONE).isDone();
    target.spoil("harbor.lan/mirror/rancher/shell", layer.descriptor().digest(), new byte[5000]);
    JobResult damaged = verify.run(JobSource.of(target), JobListener.NONE, Cancellation.NONE);

    assertThat(plan.images()).hasSize(1);
    assertThat(before).as("a plan changes nothing").isFalse();
    assertThat(after).isTrue();
    assertThat(damaged.failed()).hasSize(1);
  }

  /** Stops a job as soon as it has a plan. */
  private static final class StopWhenPlanned implements JobListener, Cancellation {
    private final List<Runnable> stops = new ArrayList<>();

    @Override
    public void on(RunEvent event) {
      if (event instanceof RunEvent.PlanMade) {
        stops.forEach(Runnable::run);
      }
    }

    @Override
    public void onStop(Runnable stop) {
      stops.add(stop);
    }

    @Override
    public <T> T interruptibly(Runnable disconnect, Interruptible<T> work) throws IOException {
      return work.run();
    }
  }
}
