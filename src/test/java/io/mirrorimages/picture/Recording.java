package io.mirrorimages.picture;

import io.mirrorimages.testing.VirtualTerminal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The output of a terminal over time, as {@code script --log-out FILE --log-timing FILE} of
 * util-linux records it, as the screens that it showed.
 */
final class Recording {
  private Recording() {}

  /**
   * What the screen showed from some moment on.
   *
   * @param at the time since the begin
   * @param rows the cells, top to bottom
   */
  record Frame(Duration at, List<List<VirtualTerminal.Cell>> rows) {}

  /**
   * Reads one, at most one frame in each {@code interval}; a pause without output lasts no longer
   * than {@code longest}.
   */
  static List<Frame> read(
      Path output, Path timing, VirtualTerminal screen, Duration interval, Duration longest)
      throws IOException {
    byte[] bytes = Files.readAllBytes(output);
    // A first line says when the recording began.
    int position = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
    List<Frame> frames = new ArrayList<>();
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer undecoded = ByteBuffer.allocate(bytes.length);
    Duration now = Duration.ZERO;
    for (String line : Files.readAllLines(timing)) {
      // Seconds since the line before, and how many bytes came then.
      String[] words = line.split(" ");
      Duration pause = Duration.ofNanos((long) (Double.parseDouble(words[0]) * 1e9));
      now = now.plus(pause.compareTo(longest) > 0 ? longest : pause);
      int length = Integer.parseInt(words[1]);
      undecoded.put(bytes, position, length);
      position += length;
      screen.write(characters(decoder, undecoded));
      add(frames, new Frame(now, screen.cells()), interval);
    }
    return frames;
  }

  /** Takes the characters that are whole; the first bytes of one that is not stay. */
  private static String characters(CharsetDecoder decoder, ByteBuffer bytes) {
    CharBuffer characters = CharBuffer.allocate(bytes.flip().remaining());
    decoder.decode(bytes, characters, false);
    bytes.compact();
    return characters.flip().toString();
  }

  private static void add(List<Frame> frames, Frame frame, Duration interval) {
    if (!frames.isEmpty()) {
      Frame last = frames.getLast();
      if (last.rows().equals(frame.rows())) {
        return;
      }
      if (frame.at().minus(last.at()).compareTo(interval) < 0) {
        frames.set(frames.size() - 1, new Frame(last.at(), frame.rows()));
        return;
      }
    }
    frames.add(frame);
  }
}
