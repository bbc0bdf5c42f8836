package io.mirrorimages.serve;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a body that a client wants (RFC 9110, section 14).
 *
 * @param first the offset of the first byte
 * @param last the offset of the last one
 */
record ByteRange(long first, long last) {
  private static final Pattern SINGLE =
      Pattern.compile("(?i)bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

  /** What a {@code Range} header means for a body. */
  sealed interface RequestedRange {}

  /** The whole body: no header, or one that is to be ignored. */
  record WholeBody() implements RequestedRange {}

  /** One part of it. */
  record SingleRange(ByteRange range) implements RequestedRange {}

  /** Nothing the body has. */
  record Unsatisfiable() implements RequestedRange {}

  /**
   * Reads a header. Several ranges at once, other units and malformed text get the whole body, as
   * the RFC allows; no registry client asks for such.
   */
  static RequestedRange parse(Optional<String> header, long size) {
    Matcher matcher = SINGLE.matcher(header.orElse(""));
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return new WholeBody();
    }
    long first;
    long last = size - 1;
    if (matcher.group(1).isEmpty()) {
      long length = Long.parseLong(matcher.group(2));
      if (length == 0) {
        return new Unsatisfiable();
      }
      first = Math.max(0, size - length);
    } else {
      first = Long.parseLong(matcher.group(1));
      if (!matcher.group(2).isEmpty()) {
        long wanted = Long.parseLong(matcher.group(2));
        if (wanted < first) {
          return new WholeBody();
        }
        last = Math.min(last, wanted);
      }
    }
    return first >= size ? new Unsatisfiable() : new SingleRange(new ByteRange(first, last));
  }

  long length() {
    return last - first + 1;
  }
}
