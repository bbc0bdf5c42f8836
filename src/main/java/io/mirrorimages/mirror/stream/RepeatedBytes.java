package io.mirrorimages.mirror.stream;

import java.io.InputStream;

/** The ability of a stream that tells what its server sent before the byte that was requested. */
public interface RepeatedBytes {
  /** How many bytes came again and were dropped; 0 where the server sends ranges. */
  long repeatedBytes();

  /** The bytes that {@code content} dropped; 0 if it does not tell. */
  static long of(InputStream content) {
    return content instanceof RepeatedBytes repeated ? repeated.repeatedBytes() : 0;
  }
}
