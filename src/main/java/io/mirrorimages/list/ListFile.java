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
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Reads one list. Whatever is wrong with it becomes a problem of the collector. */
final class ListFile {
  /** After so many malformed lines the rest of a file tells nothing new. */
  private static final int MOST_PROBLEMS = 1000;

  private final String name;
  private final String shown;
  private final ListCollector collector;
  private final Map<LineAdvice.LineMistake, LineGroup> groups =
      new EnumMap<>(LineAdvice.LineMistake.class);
  private int images;
  private int malformed;

  ListFile(String name, ListCollector collector) {
    this.name = name;
    // A file name can hold anything but a slash; a message is one line.
    this.shown = name.chars().anyMatch(Character::isISOControl) ? Text.quote(name) : name;
    this.collector = collector;
  }

  void read() {
    try {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        collector.problem(shown + ": is a directory, not an image list");
        return;
      }
      try (InputStream in = Files.newInputStream(path)) {
        read(in);
      }
    } catch (NoSuchFileException e) {
      collector.problem(shown + ": no such file");
    } catch (AccessDeniedException e) {
      collector.problem(shown + ": not readable: permission denied");
    } catch (InvalidPathException e) {
      collector.problem(Text.quote(name) + ": not a file name");
    } catch (IOException e) {
      unreadable(e);
    }
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
    boolean complete = true;
    while (lines.next()) {
      if (lines.isBinary()) {
        collector.problem(shown + ":" + lines.number() + ": " + TextEncoding.guess(lines.bytes()));
        return;
      }
      readLine(lines);
      if (malformed >= MOST_PROBLEMS) {
        collector.problem(
            shown + ": gave up after " + malformed + " malformed lines: is this an image list?");
        complete = false;
        break;
      }
    }
    if (groups.containsKey(LineAdvice.LineMistake.YAML)) {
      groups.remove(LineAdvice.LineMistake.LONE_KEY);
    }
    groups.values().forEach(group -> collector.problem(group.problem()));
    if (complete && images == 0 && malformed == 0 && groups.isEmpty()) {
      collector.problem("no images in " + shown);
    }
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
        case ListLine.Table(int columns) ->
            group(line, LineAdvice.ofTable(ListLine.content(line.text()), columns));
      }
    } catch (InvalidContentException e) {
      Optional<LineAdvice> advice =
          line.isTooLong() ? Optional.empty() : LineAdvice.of(ListLine.content(line.text()));
      if (advice.isPresent()) {
        group(line, advice.get());
        return;
      }
      malformed++;
      collector.problem(
          shown + ":" + number + ": " + ListForm.excerpt(line.text()) + ": " + e.getMessage());
    }
  }

  private void group(LineReader line, LineAdvice advice) {
    groups
        .computeIfAbsent(advice.kind(), kind -> new LineGroup(shown, line.text(), advice))
        .add(line.number());
  }

  private void unreadable(IOException e) {
    collector.problem(shown + ": can't be read: " + Text.quote(ErrorWords.withoutFile(e)));
  }
}
