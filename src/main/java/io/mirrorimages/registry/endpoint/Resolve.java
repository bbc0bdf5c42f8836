package io.mirrorimages.registry.endpoint;

/** Who is asked which digest a tag has, where a registry has mirrors. */
public enum Resolve {
  /** The registry itself where it can be reached, otherwise its mirrors in their order. */
  ORIGIN,
  /** The mirrors in their order, and the registry itself if none of them knows. */
  MIRROR,
  /** All of them; the image that was made last is taken. */
  NEWEST
}
