package io.mirrorimages.registry.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * The coding that an answer names for its body (RFC 9110, 8.4). None is asked for; some servers
 * send gzip all the same, and some only say so, of a layer that is stored as a gzip file. So the
 * bytes decide, and in the end the digest.
 */
public final class ContentCoding {
  /** What is asked for. */
  static final String IDENTITY = "identity";

  private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
  private static final int BUFFER = 32 * 1024;

  private ContentCoding() {}

  /** The codings that are named, as one word for a message; empty if there is none. */
  public static Optional<String> of(Response answer) {
    String named = String.join(", ", answer.headers("Content-Encoding")).toLowerCase(Locale.ROOT);
    String codings =
        String.join(
            ", ",
            Arrays.stream(named.split(","))
                .map(String::strip)
                .filter(coding -> !coding.isEmpty() && !coding.equals(IDENTITY))
                .toList());
    return Optional.of(codings).filter(text -> !text.isEmpty());
  }

  /** Whether a coding is one that is decoded here. */
  public static boolean isGzip(String coding) {
    return GZIP.contains(coding);
  }

  /** What {@code in} holds, of which no content begins as a gzip file does. */
  static InputStream decoded(InputStream in) throws IOException {
    PushbackInputStream peeked = new PushbackInputStream(in, 2);
    byte[] begin = peeked.readNBytes(2);
    peeked.unread(begin);
    return isGzip(begin) ? new GZIPInputStream(peeked, BUFFER) : peeked;
  }

  /**
   * What {@code in} holds, of which the content should be a gzip file itself.
   *
   * @param size how many bytes the content has
   */
  public static InputStream decodedOnce(InputStream in, long size) throws IOException {
    PushbackInputStream peeked = new PushbackInputStream(in, BUFFER);
    byte[] begin = peeked.readNBytes(BUFFER);
    peeked.unread(begin);
    if (begin.length < BUFFER) {
      // That is all of it, and the number of bytes tells.
      return isGzip(begin) && begin.length != size ? new GZIPInputStream(peeked, BUFFER) : peeked;
    }
    try (InputStream inner = new GZIPInputStream(new ByteArrayInputStream(begin))) {
      return isGzip(inner.readNBytes(2)) ? new GZIPInputStream(peeked, BUFFER) : peeked;
    } catch (IOException e) {
      return peeked;
    }
  }

  /** Whether these are a gzip file's first bytes (RFC 1952, 2.3.1). */
  static boolean isGzip(byte[] bytes) {
    return bytes.length >= 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
  }
}
