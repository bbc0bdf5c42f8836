package io.mirrorimages.mirror.event;

/** What a run does before it copies, in this order; each consists of steps that can be counted. */
public enum Phase {
  /** The digest behind each tag is requested: a step for each image. */
  TAGS,

  /** The manifest or index of each image is fetched: a step for each image. */
  MANIFESTS,

  /** The manifests that indexes refer to are fetched: a step for each image. */
  PLATFORMS,

  /** The target is asked what it has: a step for each blob of each repository. */
  TARGET
}
