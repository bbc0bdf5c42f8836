package io.mirrorimages.state;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Repository;
import io.mirrorimages.lock.RunLock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The uploads that are open at a destination, and where each goes on. Kept in a file of JSON that
 * is replaced as a whole, so that a run which is killed leaves a right one; a file that is of
 * another version or damaged counts as none. Records older than a week are dropped: by then
 * registries have cleared the upload away (168 h in distribution).
 *
 * <p>Thread-safe. Where the file can't be written the run goes on: what is lost is time, and only
 * if it is interrupted.
 */
public final class OpenUploads implements AutoCloseable {
  private static final int SCHEMA = 1;
  private static final Duration LIFE = Duration.ofDays(7);

  private final Optional<Path> file;
  private final Optional<Path> unfinished;
  private final Optional<RunLock> lock;
  private final InstantSource clock;
  private final boolean afterBrokenRun;

  @GuardedBy("this")
  private final Map<UploadKey, Noted> uploads = new LinkedHashMap<>();

  private record UploadKey(String repository, Digest blob) {}

  private record Noted(OpenUpload upload, Instant when) {}

  private OpenUploads(
      Optional<Path> file, Optional<Path> unfinished, Optional<RunLock> lock, InstantSource clock) {
    this.file = file;
    this.unfinished = unfinished;
    this.lock = lock;
    this.clock = clock;
    this.afterBrokenRun = unfinished.isEmpty() || !mark(unfinished.get());
  }

  /** Makes the file that says that a run has begun; gives whether it is new. */
  private static boolean mark(Path unfinished) {
    try {
      Files.createFile(unfinished);
      return true;
    } catch (IOException e) {
      // It exists; or can't be made, and then it is unknown what the last run left.
      return false;
    }
  }

  /** For a run whose uploads no other is to go on with. */
  public static OpenUploads inMemory() {
    return new OpenUploads(
        Optional.empty(), Optional.empty(), Optional.empty(), InstantSource.system());
  }

  /**
   * Those in {@code file}; closing them closes {@code lock}.
   *
   * @param unfinished the file that is there from a run's beginning until one has ended well
   */
  static OpenUploads of(Path file, Path unfinished, RunLock lock, InstantSource clock) {
    OpenUploads uploads =
        new OpenUploads(Optional.of(file), Optional.of(unfinished), Optional.of(lock), clock);
    try {
      uploads.read(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      // The first run.
    } catch (IOException | InvalidContentException | DateTimeException e) {
      uploads.clear();
    }
    return uploads;
  }

  /** How many bytes registries have confirmed of all of them. */
  public synchronized long bytes() {
    return uploads.values().stream().mapToLong(noted -> noted.upload().offset()).sum();
  }

  /** The upload of the blob to the repository, if one is open. */
  public synchronized Optional<OpenUpload> find(Repository repository, Digest blob) {
    return Optional.ofNullable(uploads.get(key(repository, blob))).map(Noted::upload);
  }

  /** Notes how far the upload of the blob to the repository is. */
  public synchronized void note(Repository repository, Digest blob, OpenUpload upload) {
    uploads.put(key(repository, blob), new Noted(upload, clock.instant()));
    write();
  }

  /** Notes that there is no such upload any more. */
  public synchronized void forget(Repository repository, Digest blob) {
    if (uploads.remove(key(repository, blob)) != null) {
      write();
    }
  }

  /**
   * Whether the last run with this destination may have left blobs there that no image names: it
   * was killed, or did not transfer everything. True where it is unknown.
   */
  public boolean isAfterBrokenRun() {
    return afterBrokenRun;
  }

  /** Notes that this run has brought everything. */
  public void endedWell() {
    try {
      if (unfinished.isPresent()) {
        Files.deleteIfExists(unfinished.get());
      }
    } catch (IOException e) {
      // Then the next run asks for more than it has to.
    }
  }

  private static UploadKey key(Repository repository, Digest blob) {
    return new UploadKey(repository.toString(), blob);
  }

  private synchronized void clear() {
    uploads.clear();
  }

  private synchronized void read(byte[] bytes) {
    JsonNode state = Json.parse(bytes, "the state");
    if (state.path("schema").asInt(0) != SCHEMA) {
      return;
    }
    for (JsonNode node : state.path("uploads")) {
      UploadKey key =
          new UploadKey(
              node.path("repository").asString(""), Digest.parse(node.path("blob").asString("")));
      OpenUpload upload =
          new OpenUpload(
              node.path("location").asString(""),
              node.path("offset").asLong(0),
              node.path("leastChunk").asLong(0));
      Instant noted = Instant.parse(node.path("noted").asString(""));
      boolean fresh = noted.isAfter(clock.instant().minus(LIFE));
      if (fresh && upload.offset() > 0 && upload.leastChunk() >= 0) {
        uploads.put(key, new Noted(upload, noted));
      }
    }
  }

  @GuardedBy("this")
  private void write() {
    if (file.isEmpty()) {
      return;
    }
    try {
      replace(file.get());
    } catch (IOException e) {
      // An old record does no harm: the registry confirms an upload before it is resumed.
    }
  }

  @GuardedBy("this")
  private void replace(Path place) throws IOException {
    if (uploads.isEmpty()) {
      Files.deleteIfExists(place);
      return;
    }
    // Under the lock no other run has this name.
    Path draft = OwnFiles.draft(place);
    Files.deleteIfExists(draft);
    try (OutputStream out =
        Channels.newOutputStream(
            Files.newByteChannel(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------"))))) {
      out.write(json());
    }
    Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @GuardedBy("this")
  private byte[] json() {
    List<Map<String, Object>> records = new ArrayList<>();
    uploads.forEach(
        (key, noted) -> {
          Map<String, Object> record = new LinkedHashMap<>();
          record.put("repository", key.repository());
          record.put("blob", key.blob().toString());
          record.put("offset", noted.upload().offset());
          record.put("leastChunk", noted.upload().leastChunk());
          record.put("noted", noted.when().toString());
          record.put("location", noted.upload().location());
          records.add(record);
        });
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("schema", SCHEMA);
    state.put("uploads", records);
    return Json.MAPPER.writeValueAsBytes(state);
  }

  /** Lets another run have them. The file stays for it. */
  @Override
  public void close() {
    try {
      if (lock.isPresent()) {
        lock.get().close();
      }
    } catch (IOException e) {
      // It ends with the process at the latest.
    }
  }
}
