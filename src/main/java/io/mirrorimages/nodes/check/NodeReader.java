package io.mirrorimages.nodes.check;

import io.mirrorimages.image.Reference;

/** A program on a node that reads a configuration and pulls images by it. Thread-safe. */
public interface NodeReader {

  /** What it is called in output, such as {@code containerd (K3s/RKE2)}. */
  String label();

  /** Where it asks for an image, the first attempt first; asks nothing. */
  Resolution resolve(Reference image);

  /** Whether the configuration names this registry, as in image names, as a mirror. */
  boolean isMirror(String registry);
}
