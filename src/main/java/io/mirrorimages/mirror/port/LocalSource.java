package io.mirrorimages.mirror.port;

/**
 * The ability of a source whose blobs are on this machine: reading one a second time costs no line,
 * and all its repositories share them.
 */
public interface LocalSource {
  /** Whether {@code source} is one. */
  static boolean is(ImageSource source) {
    return source.ability(LocalSource.class).isPresent();
  }
}
