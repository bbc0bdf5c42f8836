package io.mirrorimages.job;

import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.registry.Registries;
import java.io.IOException;

/**
 * Where the images of a job come from. Whoever made the source closes it, after the job.
 *
 * @param images gives them
 * @param check tries a registry once before its images are
 * @param disconnect ends all connections, when the job is stopped; may be called twice
 */
public record JobSource(ImageSource images, AccessCheck check, Runnable disconnect) {
  /** Whether a registry can be reached and takes the credentials. */
  @FunctionalInterface
  public interface AccessCheck {
    /**
     * Tries it. May be called from several threads at once, for different registries.
     *
     * @param registry {@code host[:port]}, as in image names; empty for images on this machine
     * @throws IOException with a line that says what to do, if it can't be used
     */
    void run(String registry) throws IOException;
  }

  /** A source without connections, such as an archive. */
  public static JobSource of(ImageSource images) {
    return new JobSource(images, registry -> {}, () -> {});
  }

  /** Images of registries, under the names that they have there. */
  public static JobSource of(Registries registries) {
    return new JobSource(registries.asSource(), registries::check, registries::close);
  }

  /** The same with another source of images before it. */
  public JobSource with(ImageSource other) {
    return new JobSource(other, check, disconnect);
  }
}
