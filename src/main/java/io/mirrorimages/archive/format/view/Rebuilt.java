package io.mirrorimages.archive.format.view;

/** What a format does not keep of the registries' manifests, so that it is made again here. */
public enum Rebuilt {
  /** All are those of the registries. */
  NOTHING,
  /** The indexes: images of several platforms have other digests, each platform its own. */
  INDEXES,
  /** All manifests: every image has another digest. */
  MANIFESTS
}
