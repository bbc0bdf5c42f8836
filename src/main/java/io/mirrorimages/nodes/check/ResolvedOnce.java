package io.mirrorimages.nodes.check;

import io.mirrorimages.image.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A reader that keeps its resolutions: the findings about an image and the requests for it are then
 * of the same ones. Thread-safe.
 */
public final class ResolvedOnce implements NodeReader {
  private final NodeReader reader;
  private final Map<Reference, Resolution> known = new ConcurrentHashMap<>();

  /** Resolves nothing yet. */
  public ResolvedOnce(NodeReader reader) {
    this.reader = reader;
  }

  @Override
  public String label() {
    return reader.label();
  }

  @Override
  public boolean isMirror(String registry) {
    return reader.isMirror(registry);
  }

  @Override
  public Resolution resolve(Reference image) {
    return known.computeIfAbsent(image, reader::resolve);
  }
}
