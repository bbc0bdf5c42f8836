package io.mirrorimages.list;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines of UTF-8 text with an upper bound on their length, so that a file of any size or kind is
 * read in constant memory. Used by one thread.
 */
final class LineReader {
  /** The longest line, in bytes without its end. */
  static final int LONGEST = 4096;

  private final InputStream in;
  private final byte[] line = new byte[LONGEST];
  private int length;
  private int number;
  private boolean tooLong;
  private boolean binary;
  private String text = "";

  LineReader(InputStream in) {
    this.in = in;
  }

  /** Goes to the next line; false at the end. A line end at the end of the text begins no line. */
  boolean next() throws IOException {
    int b = in.read();
    if (b < 0) {
      return false;
    }
    number++;
    tooLong = false;
    binary = false;
    length = 0;
    while (b >= 0 && b != '\n') {
      binary |= b == 0;
      if (length < LONGEST) {
        line[length++] = (byte) b;
      } else {
        tooLong |= b != '\r';
      }
      b = in.read();
    }
    text = decode();
    return true;
  }

  /** The number of the line, from 1. */
  int number() {
    return number;
  }

  /** Whether the line has more than {@link #LONGEST} bytes; its text is then its beginning. */
  boolean isTooLong() {
    return tooLong;
  }

  /** Whether the line has bytes that no text has: NUL, or what is not UTF-8. */
  boolean isBinary() {
    return binary;
  }

  /** The bytes of the line, or of its beginning. */
  byte[] bytes() {
    return Arrays.copyOf(line, length);
  }

  /** The line without its end and without a byte order mark. */
  String text() {
    return text;
  }

  private String decode() {
    CharBuffer chars = CharBuffer.allocate(length);
    // The cut through an overlong line may go through a character: then more input is awaited.
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(line, 0, length), chars, !tooLong);
    binary |= result.isError();
    String decoded = chars.flip().toString();
    // Also in the middle of the text: lists are put together with cat.
    return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
  }
}
