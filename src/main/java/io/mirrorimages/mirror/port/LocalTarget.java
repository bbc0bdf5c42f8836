package io.mirrorimages.mirror.port;

/** The ability of a target whose blobs are written on this machine: they cross no line. */
public interface LocalTarget {
  /** Whether {@code target} is one. */
  static boolean is(ImageTarget target) {
    return target.ability(LocalTarget.class).isPresent();
  }
}
