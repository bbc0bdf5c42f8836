package io.mirrorimages.state;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.lock.LockedException;
import io.mirrorimages.lock.RunLock;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/**
 * The one folder where run state lives:
 *
 * <pre>
 * uploads/                        0700
 *   harbor.example.com.json       0600, the open uploads of runs with this destination
 *   harbor.example.com.unfinished there from a run's beginning until one has brought everything
 *   harbor.example.com.lock       there while a run is at work, and says which
 * </pre>
 *
 * A file's name is the destination, encoded as in a URL.
 */
public final class StateFolder {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Path folder;

  /** The state in {@code folder}, which is made when it is first needed. */
  public StateFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * The user's own: {@code mirror-images} in {@code $XDG_STATE_HOME}, or in {@code ~/.local/state}
   * (XDG Base Directory Specification, by which a relative path does not count).
   */
  public static StateFolder ofUser(Map<String, String> environment, Path home) {
    Path given = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
    Path base = given.isAbsolute() ? given : home.resolve(".local/state");
    return new StateFolder(base.resolve("mirror-images"));
  }

  /**
   * The open uploads of runs with this destination, for one run at a time. The caller closes them.
   *
   * @param destination registry, or registry and project
   * @throws TransferException {@code UNSUPPORTED}, if another run has them; it says which
   * @throws IOException if the folder can't be used
   */
  public OpenUploads openUploads(String destination) throws IOException {
    return openUploads(destination, InstantSource.system());
  }

  OpenUploads openUploads(String destination, InstantSource clock) throws IOException {
    if (!folder.isAbsolute() && folder.startsWith("?")) {
      throw new IOException("there is no home folder");
    }
    Path uploads = folder.resolve("uploads");
    FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    Files.createDirectories(uploads, ownerOnly);
    // One that was there may be open to others, as a folder that was unpacked or copied.
    Files.setPosixFilePermissions(uploads, OWNER_ONLY);
    String name = URLEncoder.encode(destination, StandardCharsets.UTF_8);
    RunLock lock = lock(uploads.resolve(name + ".lock"), destination);
    return OpenUploads.of(
        uploads.resolve(name + ".json"), uploads.resolve(name + ".unfinished"), lock, clock);
  }

  private static RunLock lock(Path file, String destination) throws IOException {
    try {
      return RunLock.take(file, destination + " is being filled");
    } catch (LockedException e) {
      throw new TransferException(
          FailureKind.BUSY,
          e.getMessage() + ": wait for its end, or give this run another " + Setting.STATE,
          e);
    }
  }

  /** Its path. */
  @Override
  public String toString() {
    return folder.toString();
  }
}
