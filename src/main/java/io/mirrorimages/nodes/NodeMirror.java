package io.mirrorimages.nodes;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the images of one source registry are at the private one: below a prefix, or, if the
 * mapping changes their names otherwise, each at a path of its own.
 *
 * @param registry the source registry as in image names, or {@link #ANY}
 * @param prefix path that comes before that of each repository, without slashes at its ends; empty
 *     if paths stay the same, or have nothing in common
 * @param paths path at the private registry by the original one, for example {@code
 *     library/busybox} to {@code rancher/busybox}; empty if the prefix says all
 */
public record NodeMirror(String registry, String prefix, Map<String, String> paths) {
  /** Stands for every registry that has no mirror of its own. */
  public static final String ANY = "*";

  private static final int MOST_NAMED = 3;

  /** Copies the map. */
  public NodeMirror {
    paths = java.util.Collections.unmodifiableMap(new TreeMap<>(paths));
  }

  /** The mirror for repositories by their paths; with a prefix if one serves them all. */
  static NodeMirror of(String registry, Map<String, String> paths) {
    Optional<String> prefix = commonPrefix(paths);
    return prefix.isPresent()
        ? new NodeMirror(registry, prefix.get(), Map.of())
        : new NodeMirror(registry, "", paths);
  }

  private static Optional<String> commonPrefix(Map<String, String> paths) {
    Optional<String> common = Optional.empty();
    for (Map.Entry<String, String> path : paths.entrySet()) {
      String target = "/" + path.getValue();
      if (!target.endsWith("/" + path.getKey())) {
        return Optional.empty();
      }
      String prefix = target.substring(0, target.length() - path.getKey().length() - 1);
      if (!common.orElse(prefix).equals(prefix)) {
        return Optional.empty();
      }
      common = Optional.of(prefix);
    }
    return common.map(prefix -> prefix.isEmpty() ? "" : prefix.substring(1));
  }

  /** Whether it stands for every registry. */
  public boolean isAny() {
    return registry.equals(ANY);
  }

  /** Whether repositories are at paths that no prefix makes of their original ones. */
  public boolean isRenamed() {
    return !paths.isEmpty();
  }

  /** The prefix and a slash; empty if there is no prefix. */
  public String prefixWithSlash() {
    return prefix.isEmpty() ? "" : prefix + "/";
  }

  /**
   * The prefix, for a system that can't rename repositories one by one.
   *
   * @param system as people call it
   * @throws TransferException {@link FailureKind#OPTION} if the mapping renames some
   */
  public String prefixFor(String system) throws TransferException {
    if (isRenamed()) {
      List<String> renamed =
          paths.entrySet().stream()
              .sorted(Comparator.comparing(path -> path.getValue().endsWith(path.getKey())))
              .limit(MOST_NAMED)
              .map(path -> registry + "/" + path.getKey() + " as " + path.getValue())
              .toList();
      throw new TransferException(
          FailureKind.OPTION,
          "%s finds images of a registry below one path only, not %s%s: load them with %s flat or by-registry and without %s, and give the same here"
              .formatted(
                  system,
                  String.join(", ", renamed),
                  paths.size() > MOST_NAMED ? ", ..." : "",
                  Setting.MAPPING,
                  Setting.MAP));
    }
    return prefix;
  }
}
