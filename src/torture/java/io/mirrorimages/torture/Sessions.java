package io.mirrorimages.torture;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells what blob a chunk is of, by bytes of it, and so what blob an upload session is for: the
 * session itself says so only in its last request. Thread-safe.
 */
final class Sessions {
  private static final int AHEAD = 4096;

  /** Few, so that a byte that was flipped before is hardly among them. */
  private static final int ENOUGH = 32;

  private final Map<String, byte[]> contents;
  private final Map<String, String> known = new ConcurrentHashMap<>();
  private final Set<String> dead = ConcurrentHashMap.newKeySet();

  /**
   * For some blobs.
   *
   * @param contents the bytes of each by its digest, none like another
   */
  Sessions(Map<String, byte[]> contents) {
    this.contents = contents;
  }

  /**
   * The subject with the blob's digest as its name, where it is of an upload whose blob is known.
   *
   * @param in where the request's body comes from; it is not moved
   */
  Subject recognise(Subject subject, Head request, BufferedInputStream in) throws IOException {
    if (subject.kind() != Subject.Kind.UPLOAD || !subject.name().isEmpty()) {
      return subject;
    }
    String session = session(request);
    if (subject.method().equals("PATCH")) {
      of(request, in).ifPresent(digest -> known.put(session, digest));
    }
    return new Subject(
        subject.method(), subject.kind(), subject.repository(), known.getOrDefault(session, ""));
  }

  private static String session(Head request) {
    return request.target().replaceFirst("\\?.*", "");
  }

  /** Harbor has no use for a session any more in which a request broke off. */
  void die(Head request) {
    dead.add(session(request));
  }

  boolean isDead(Head request) {
    return dead.contains(session(request));
  }

  private Optional<String> of(Head request, BufferedInputStream in) throws IOException {
    int ahead = (int) Math.min(AHEAD, request.length());
    in.mark(ahead);
    byte[] bytes = in.readNBytes(ahead);
    in.reset();
    int from = Math.max(0, bytes.length - ENOUGH);
    String range = request.field("Content-Range").orElse("0-");
    long start = Long.parseLong(range.substring(0, range.indexOf('-'))) + from;
    return contents.entrySet().stream()
        .filter(blob -> has(blob.getValue(), start, bytes, from))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean has(byte[] blob, long start, byte[] bytes, int from) {
    long end = start + bytes.length - from;
    return end > start
        && end <= blob.length
        && Arrays.equals(blob, (int) start, (int) end, bytes, from, bytes.length);
  }
}
