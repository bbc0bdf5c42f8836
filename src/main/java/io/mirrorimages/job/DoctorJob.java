package io.mirrorimages.job;

import io.mirrorimages.doctor.CheckResult;
import io.mirrorimages.doctor.DoctorContext;
import io.mirrorimages.doctor.DoctorRun;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.wire.Timeouts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds what would stop a load or sync at a registry. It leaves nothing there: uploads are
 * cancelled, and no project is created.
 *
 * @param registry {@code host[:port]}
 * @param wish what is to be done there
 */
public record DoctorJob(String registry, DoctorContext.Wish wish) {
  /** One retry: what is out of order for longer than that is worth a line. */
  public static final Retries RETRIES = new Retries(1, Duration.ofSeconds(2));

  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(5));

  /** Settings for the registries of this job: they give up soon, since a person waits. */
  public static RegistrySettings impatient(RegistrySettings settings, Retries retries) {
    return settings.with(retries).with(TIMEOUTS);
  }

  /**
   * What a load of an archive into an empty registry moves. Images that can't be planned are left
   * out.
   */
  public static Plan plan(ImageSource archive, List<ImageRequest> requests, PlatformFilter filter)
      throws IOException {
    MirrorOptions how = new MirrorOptions(1, filter, RETRIES);
    try (Mirror mirror = new Mirror(archive, how, RunListener.NONE)) {
      return mirror.plan(requests);
    }
  }

  /**
   * Runs all checks, one after the other; may take minutes where a host does not answer.
   *
   * @param registries reach the registry; the caller closes them
   * @param found receives each result as it comes, on this thread
   * @throws InterruptedIOException if the thread is interrupted
   */
  public DoctorResult run(Registries registries, Consumer<CheckResult> found)
      throws InterruptedIOException {
    return new DoctorResult(
        new DoctorRun(new DoctorContext(registries, registry, wish)).run(found));
  }
}
