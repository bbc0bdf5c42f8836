package io.mirrorimages.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings files to the disk, where their file system knows how: some network and user-space file
 * systems refuse that, and are good for everything but a power cut. Thread-safe.
 */
public final class Fsync {
  /** The system's texts of EINVAL, ENOTSUP and ENOSYS; a disk that fails says EIO. */
  private static final Set<String> UNKNOWN =
      Set.of("invalid argument", "operation not supported", "function not implemented");

  private static final AtomicBoolean REFUSED = new AtomicBoolean();

  private Fsync() {}

  /**
   * Returns when everything written is on the disk, or the file system does not do that.
   *
   * @param metadata whether what it knows of the file, such as its times, is meant too
   */
  public static void force(FileChannel channel, boolean metadata) throws IOException {
    try {
      channel.force(metadata);
    } catch (IOException e) {
      if (!UNKNOWN.contains(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT))) {
        throw e;
      }
      REFUSED.set(true);
    }
  }

  /** Whether a file system has refused it since this was asked last. */
  public static boolean wasRefused() {
    return REFUSED.getAndSet(false);
  }
}
