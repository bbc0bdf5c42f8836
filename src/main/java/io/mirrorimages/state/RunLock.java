package io.mirrorimages.state;

import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * That one run at a time has a state: a lock of the system on a file, which ends with the process
 * however that ends. The file says who holds it; it stays behind, empty.
 */
final class RunLock implements AutoCloseable {
  private static final int LONGEST_HOLDER = 1000;

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  static RunLock take(Path file, String destination, String command, InstantSource clock)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean taken = false;
    try {
      if (!isOurs(channel)) {
        throw new MirrorException(
            Reason.UNSUPPORTED,
            "another run is at work for "
                + destination
                + holder(channel)
                + ": wait for its end, or give this one another --state");
      }
      String holder =
          command
              + ", pid "
              + ProcessHandle.current().pid()
              + " on "
              + host()
              + ", since "
              + clock.instant().truncatedTo(ChronoUnit.SECONDS);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      taken = true;
      return new RunLock(channel);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static boolean isOurs(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // This very process has it.
      return false;
    }
  }

  /** Who holds it, in brackets; nothing in the moment before it says so. */
  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST_HOLDER);
    channel.read(bytes, 0);
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    String line = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?").strip();
    return line.isEmpty() ? "" : " (" + line + ")";
  }

  /** The system's file first: asking for the address of one's own name can take long. */
  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "this host";
    }
  }

  @Override
  public void close() {
    try (channel) {
      if (channel.isOpen()) {
        channel.truncate(0);
      }
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
