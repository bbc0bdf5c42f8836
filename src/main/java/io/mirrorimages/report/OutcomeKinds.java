package io.mirrorimages.report;

import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells the files that runs leave behind from files of the user: only the former are replaced or
 * removed. A file that does not exist, or is empty, is nobody's loss.
 */
public final class OutcomeKinds {
  /** What the first line of each list of what is not done begins with. */
  static final String HEADER = "# mirror-images: images that are not done; renewed by each run";

  /** What stands between that and the job that the list belongs to. */
  private static final String OF = " of: ";

  /** The first line of each log of requests. */
  static final String DEBUG_HEADER = "# mirror-images: log of requests; replaced by each run";

  /** How each line of a log of events begins, as text and as JSON. */
  private static final Pattern LOG =
      Pattern.compile("(?:\\{\"time\":\")?[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,}");

  private static final Path USUAL_NAME = Path.of("failed.txt");
  private static final int HEAD = 64 * 1024;

  private OutcomeKinds() {}

  static boolean isDebugLog(Path file) throws IOException {
    String head = head(file);
    return head.isEmpty() || head.startsWith(DEBUG_HEADER + "\n");
  }

  /** Whether it is a log of events, as its first line shows. */
  public static boolean isLog(Path file) throws IOException {
    String head = head(file);
    return head.isEmpty() || LOG.matcher(head).lookingAt();
  }

  /** Refuses a file whose folder is not there, or can't be written. */
  static void checkFolder(Setting option, Path file) throws TransferException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw new TransferException(
          FailureKind.FILE_MISSING,
          Files.isDirectory(file)
              ? file + " is a folder: name a file in it with " + option
              : "the folder of "
                  + file
                  + " does not exist: create it, or name another with "
                  + option);
    }
    if (!Files.isWritable(folder)) {
      throw new TransferException(
          FailureKind.FILE_DENIED,
          "no right to write " + file + ": name a file in another folder with " + option);
    }
  }

  /** Whether a file is of a kind. */
  interface FileTest {
    boolean has(Path file) throws IOException;
  }

  /** Refuses what is there under that name if no run has written it. */
  static void checkKind(Setting option, Path file, FileTest kind, String name)
      throws TransferException {
    String problem;
    try {
      Optional<String> obstacle = OwnFiles.obstacle(file);
      if (obstacle.isEmpty() && kind.has(file)) {
        return;
      }
      problem = obstacle.orElse("exists and is no " + name + " of an earlier run");
    } catch (IOException e) {
      problem = "exists and can't be read";
    }
    throw new TransferException(
        FailureKind.EXISTS,
        "%s %s, and is not replaced: name another file with %s".formatted(file, problem, option));
  }

  /**
   * Whether it begins with {@link #HEADER}, or is a list of an earlier version, without: names and
   * comments with reasons, nothing else, and at least one of these or the usual name.
   */
  static boolean isFailedList(Path file) throws IOException {
    String head = head(file);
    if (head.isEmpty() || head.startsWith(HEADER + "\n") || head.startsWith(HEADER + OF)) {
      return true;
    }
    List<String> lines = head.lines().toList();
    List<String> whole = head.length() == HEAD ? lines.subList(0, lines.size() - 1) : lines;
    return (whole.stream().anyMatch(OutcomeKinds::isReason) || file.endsWith(USUAL_NAME))
        && whole.stream().allMatch(line -> isReason(line) || isName(line));
  }

  /** The first line of a list, with the job that it belongs to. */
  static String header(Optional<String> job) {
    return HEADER + job.map(words -> OF + words).orElse("");
  }

  /** The job that a list belongs to; empty if it belongs to none, or does not exist. */
  static Optional<String> ownerOf(Path list) throws IOException {
    byte[] head = head(list).getBytes(StandardCharsets.ISO_8859_1);
    return new String(head, StandardCharsets.UTF_8)
        .lines()
        .findFirst()
        .filter(line -> line.startsWith(HEADER + OF))
        .map(line -> line.substring((HEADER + OF).length()));
  }

  private static boolean isReason(String line) {
    return Arrays.stream(FailureKind.values())
        .anyMatch(r -> line.startsWith("# " + r.label() + ": "));
  }

  private static boolean isName(String line) {
    try {
      Reference.parse(line);
      return true;
    } catch (InvalidContentException e) {
      return false;
    }
  }

  /** Its first characters; what is no text has none that a kind begins with. */
  static String head(Path file) throws IOException {
    Optional<InputStream> there = OwnFiles.read(file);
    if (there.isEmpty()) {
      return "";
    }
    try (InputStream in = there.get()) {
      return new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
    }
  }
}
