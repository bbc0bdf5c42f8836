package io.mirrorimages.mirror;

import java.util.List;
import java.util.Map;

/**
 * Where an image's content came from, at a source that has several places for it.
 *
 * @param servedBy the places, in the order of their first content; empty where there is but one
 *     place
 * @param passedOver why others did not serve some of it: place to reason, one line
 */
public record Provenance(List<String> servedBy, Map<String, String> passedOver) {
  /** Nothing to tell. */
  public static final Provenance NONE = new Provenance(List.of(), Map.of());

  /** Copies the list; the map keeps its order. */
  public Provenance {
    servedBy = List.copyOf(servedBy);
    passedOver = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(passedOver));
  }
}
