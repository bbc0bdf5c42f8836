package io.mirrorimages.archive.write;

import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.mirror.ByteRanges;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The small file beside an archive that is being written, {@code <output>.journal}: first the plan,
 * then, as they arrive, how many bytes of which blob are in their region, and which parts behind
 * these. What it says is a claim: bytes are hashed again before they count. Deleting it costs time
 * only.
 *
 * <p>Text, one record a line. A plan that is not whole and right makes the journal void; a progress
 * line that a kill cut off, or that can't be read, is passed over.
 */
final class Journal implements Closeable {
  private static final String PROGRESS = "have";
  private static final String PART = "part";

  private final Path path;
  private final OutputStream lines;

  private Journal(Path path, OutputStream lines) {
    this.path = path;
    this.lines = lines;
  }

  /**
   * What a journal says.
   *
   * @param plan what the archive is to be
   * @param kept which bytes of each blob have arrived
   */
  record Content(JournalPlan plan, Map<Digest, ByteRanges> kept) {}

  /**
   * What the journal {@code path} says; empty if there is none, or none that is whole up to the end
   * of its plan.
   */
  static Optional<Content> read(Path path) throws IOException {
    try {
      // Twice: line by line it is less in memory than its plan.
      try (BufferedReader lines = open(path)) {
        if (!JournalPlan.isWhole(lines)) {
          return Optional.empty();
        }
      }
      try (BufferedReader lines = open(path)) {
        return Optional.of(new Content(JournalPlan.read(lines), progress(lines)));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (InvalidContentException e) {
      // Not ours, or damaged: then it is of no use.
      return Optional.empty();
    }
  }

  /** What is no text is read as a sign that no record has: it spoils its own line only. */
  private static BufferedReader open(Path path) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            OwnFiles.read(path).orElseThrow(() -> new NoSuchFileException(path.toString())),
            StandardCharsets.UTF_8));
  }

  /**
   * Begins the journal of a new archive, or of one that gets another plan. Atomic: after a kill
   * there is the previous journal, or all of this one.
   */
  static Journal begin(Path path, Content content) throws IOException {
    OwnFiles.replaceAlone(
        path,
        out -> {
          Writer lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          content.plan().write(lines);
          for (Map.Entry<Digest, ByteRanges> blob : content.kept().entrySet()) {
            for (ByteRanges.Range extent : blob.getValue().all()) {
              lines.write(part(blob.getKey(), extent.from(), extent.to()));
            }
          }
          lines.flush();
        });
    OwnFiles.forceFolder(OwnFiles.folderOf(path));
    return append(path);
  }

  /** Goes on with the journal there is. */
  static Journal append(Path path) throws IOException {
    Journal journal = new Journal(path, OwnFiles.append(path));
    // Behind a line that a kill cut off a new record would be lost too.
    journal.write("\n");
    return journal;
  }

  /** Notes that the first {@code bytes} bytes of a blob have been written. Thread-safe. */
  void have(Digest blob, long bytes) throws IOException {
    write(PROGRESS + " " + blob + " " + bytes + "\n");
  }

  /**
   * Notes that the bytes of a blob from {@code from} on, up to but not including {@code to}, have
   * been written, with a gap before them. Thread-safe.
   */
  void havePart(Digest blob, long from, long to) throws IOException {
    write(part(blob, from, to));
  }

  private static String part(Digest blob, long from, long to) {
    return PART + " " + blob + " " + from + " " + to + "\n";
  }

  private synchronized void write(String text) throws IOException {
    lines.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<Digest, ByteRanges> progress(BufferedReader lines) throws IOException {
    Map<Digest, ByteRanges> kept = new HashMap<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] parts = line.split(" ", -1);
      try {
        if (parts.length == 3 && parts[0].equals(PROGRESS)) {
          ByteRanges there = kept.computeIfAbsent(Digest.parse(parts[1]), d -> new ByteRanges());
          long bytes = Long.parseLong(parts[2]);
          if (bytes == 0) {
            there.clear();
          }
          there.add(0, bytes);
        } else if (parts.length == 4 && parts[0].equals(PART)) {
          kept.computeIfAbsent(Digest.parse(parts[1]), d -> new ByteRanges())
              .add(Long.parseLong(parts[2]), Long.parseLong(parts[3]));
        }
      } catch (InvalidContentException | NumberFormatException e) {
        // Cut off; what later runs noted comes behind it.
      }
    }
    return kept;
  }

  /** Removes the journal: its archive needs none any more. */
  void delete() throws IOException {
    close();
    OwnFiles.delete(path);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
