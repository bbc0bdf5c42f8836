package io.mirrorimages.list;

import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads one list. Whatever is wrong with it becomes a problem of the collector. */
final class ListFile {
  /** After so many malformed lines the rest of a file tells nothing new. */
  private static final int MOST_PROBLEMS = 1000;

  private final String name;
  private final String shown;
  private final ListCollector collector;
  private final LineProblems problems;
  private int images;

  ListFile(String name, ListCollector collector) {
    this.name = name;
    // A file name can hold anything but a slash; a message is one line. In quotes the secret of an
    // address is masked, and no more.
    this.shown =
        name.chars().anyMatch(Character::isISOControl) || name.contains("://")
            ? Text.quote(name)
            : name;
    this.collector = collector;
    this.problems = new LineProblems(shown);
  }

  void read() {
    try {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        collector.problem(
            shown
                + ": is a directory, not an image list: "
                + (Files.exists(path.resolve("oci-layout"))
                    ? "it has images, whose names list prints (list oci:" + shown + ")"
                    : "name the files in it, as in '" + path.resolve("*.txt") + "'"));
        return;
      }
      try (InputStream in = Files.newInputStream(path)) {
        read(in);
      }
    } catch (NoSuchFileException e) {
      collector.problem(shown + ": " + missing());
    } catch (AccessDeniedException e) {
      collector.problem(shown + ": not readable: permission denied");
    } catch (InvalidPathException e) {
      collector.problem(Text.quote(name) + ": not a file name");
    } catch (IOException e) {
      unreadable(e);
    }
  }

  /** What was meant by a name that no file has. */
  private String missing() {
    if (name.startsWith("file://")) {
      return "is an address, not a file: give its path";
    }
    if (name.contains("://")) {
      return "is an address, not a file: download it first (curl -fsSLO ADDRESS), and check it";
    }
    if (name.contains(",")) {
      return "no such file: lists are divided by blanks, not by commas";
    }
    return ImageName.isTagged(name)
        ? "no such file: the name of an image stands in a list (echo NAME > list.txt)"
        : "no such file";
  }

  void read(InputStream in) {
    try {
      BufferedInputStream buffered = new BufferedInputStream(in, 64 * 1024);
      Optional<String> stranger = ListForm.stranger(buffered);
      if (stranger.isPresent()) {
        collector.problem(shown + ": " + stranger.get());
        return;
      }
      readLines(new LineReader(buffered));
    } catch (IOException e) {
      unreadable(e);
    }
  }

  private void readLines(LineReader lines) throws IOException {
    while (problems.malformed() < MOST_PROBLEMS && lines.next()) {
      if (lines.isBinary()) {
        problems.problems(images).forEach(collector::problem);
        collector.problem(shown + ":" + lines.number() + ": " + TextEncoding.guess(lines.bytes()));
        return;
      }
      readLine(lines);
    }
    if (images == 0 && problems.isEmpty()) {
      collector.problem(
          "no images in "
              + shown
              + (lines.number() == 0
                  ? ": it is empty (was it downloaded without an error?)"
                  : ": it has only blank lines and comments"));
    }
    problems.problems(images).forEach(collector::problem);
  }

  private void readLine(LineReader line) {
    int number = line.number();
    try {
      if (line.isTooLong()) {
        throw new InvalidContentException(
            "the line is longer than " + LineReader.LONGEST + " bytes");
      }
      switch (ListLine.parse(line.text())) {
        case ListLine.BlankLine() -> {}
        case ListLine.ImageLine(Reference reference, boolean untagged) -> {
          images++;
          collector.add(new ListEntry(reference, shown, number, untagged));
        }
        case ListLine.Table() -> problems.add(number, line.text(), LineAdvice.ofTable(line.text()));
      }
    } catch (InvalidContentException e) {
      Optional<LineAdvice> advice =
          line.isTooLong() ? Optional.empty() : LineAdvice.of(ListLine.content(line.text()));
      if (advice.isPresent()) {
        problems.add(number, line.text(), advice.get());
      } else {
        problems.add(number, line.text(), String.valueOf(e.getMessage()));
      }
    }
  }

  private void unreadable(IOException e) {
    collector.problem(shown + ": can't be read: " + Text.quote(ErrorWords.withoutFile(e)));
  }
}
