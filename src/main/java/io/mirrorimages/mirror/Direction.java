package io.mirrorimages.mirror;

/** Which way bytes of a blob crossed a line; each byte that did so counts in one of them. */
public enum Direction {
  /** From a registry, for the first time in the run. */
  DOWNLOADED,
  /** To a registry, for the first time in the run. */
  UPLOADED,
  /**
   * Again, in either direction: after a connection broke where the server could not resume, after a
   * damaged copy, or to a repository that could not mount the blob.
   */
  RETRANSMITTED
}
