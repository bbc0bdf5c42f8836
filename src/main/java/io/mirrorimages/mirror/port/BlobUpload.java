package io.mirrorimages.mirror.port;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * One blob on its way into a target. Used by one thread.
 *
 * <p>What only some uploads can do is an ability, an interface of its own: {@link ResumableUpload}
 * and {@link RandomAccessUpload}. An upload that wraps another one extends {@link
 * ForwardingUpload}.
 */
public interface BlobUpload extends AutoCloseable {
  /**
   * Whether the blob is there already, by mount or before; then {@link #send} must not be called.
   */
  boolean mounted();

  /**
   * Sends the blob, all of it or what follows the bytes that were {@link ResumableUpload#kept kept}
   * and asked for, and returns when the target has confirmed it. A target that has all bytes and
   * finds another digest throws a {@link io.mirrorimages.failure.DamagedBlobException}.
   *
   * @param content exactly these bytes; it fails before its last bytes if the whole is not what the
   *     digest says. It can be rewound to a {@link InputStream#mark mark} however far that lies
   *     back, at the cost of reading again. Not closed here.
   */
  void send(InputStream content) throws IOException;

  /** Gives up an upload that was not sent whole; does nothing otherwise. */
  @Override
  void close();

  /** An ability of this upload, or of one that it wraps; empty if it has none. */
  default <A> Optional<A> ability(Class<A> ability) {
    return ability.isInstance(this) ? Optional.of(ability.cast(this)) : Optional.empty();
  }
}
