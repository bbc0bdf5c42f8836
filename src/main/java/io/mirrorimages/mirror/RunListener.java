package io.mirrorimages.mirror;

/** Is told how a run goes. Called from many threads at once; must be quick and must not throw. */
public interface RunListener {
  /** Tells nobody. */
  RunListener NONE = new RunListener() {};

  /**
   * The plan is about to ask a place that counts them for manifests. Called before it does, and
   * again for the same place when more is known.
   */
  default void foreseen(PullForecast forecast) {}

  /** The plan is made; the transfer begins. */
  default void planned(Plan plan) {}

  /** An image has ended. Called once for each. */
  default void ended(ImageResult result) {}

  /** {@code bytes} more have been read from the source (or hashed, when verifying). */
  default void moved(long bytes) {}
}
