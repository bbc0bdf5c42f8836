package io.mirrorimages.nodes.check;

import io.mirrorimages.image.Reference;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the images of a list for which a reader knows no mirror; those of a registry that is a
 * mirror of others need none.
 */
public final class Uncovered {
  private Uncovered() {}

  /** Notes them, by registry. */
  public static void find(
      NodeReader reader, Collection<Reference> images, String file, FindingLog findings) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Reference image : images) {
      String registry = image.repository().registry();
      if (!reader.isMirror(registry)
          && reader.resolve(image).attempts().stream().allMatch(NodeAttempt::isDefault)) {
        counts.merge(registry, 1, Integer::sum);
      }
    }
    counts.forEach(
        (registry, count) ->
            findings.add(
                FindingKind.NOT_COVERED,
                file,
                0,
                count
                    + (count == 1 ? " image of " : " images of ")
                    + registry
                    + (count == 1 ? " has" : " have")
                    + " no mirror: nodes ask "
                    + registry
                    + " itself"));
  }
}
