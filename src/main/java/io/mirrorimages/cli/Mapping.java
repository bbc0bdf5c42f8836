package io.mirrorimages.cli;

import io.mirrorimages.image.Repository;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What images are called at the target, without the registry and the project there: a layout, and
 * rules that change what it gives. A function of the name alone, so that nodes can be told the same
 * by a registries.yaml.
 *
 * @param layout what becomes of the registry that an image comes from
 * @param rules of these the first that changes a name counts, as with K3s' rewrites
 */
record Mapping(Layout layout, List<NameRule> rules) {
  /** Names as Rancher's {@code system-default-registry} expects them. */
  static final Mapping FLAT = new Mapping(Layout.FLAT, List.of());

  Mapping {
    rules = List.copyOf(rules);
  }

  /** What becomes of the registry that an image comes from. */
  enum Layout {
    /** It is dropped. */
    FLAT,
    /** It is the first part of the path; a port is joined to it with a dash. */
    BY_REGISTRY;

    /** As it is given on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A mapping as it is given on the command line; an error of usage if a rule can't be read. */
  static Mapping of(Layout layout, List<String> rules) {
    return new Mapping(layout, rules.stream().map(NameRule::parse).toList());
  }

  /** The path that the images of a repository get. */
  String path(Repository source) {
    String path = prefix(source.registry()) + source.path();
    return rules.stream()
        .map(rule -> rule.apply(path))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(path);
  }

  /** What the layout puts before the paths of a registry. */
  String prefix(String registry) {
    return layout == Layout.FLAT
        ? ""
        : registry.replaceAll("[^a-z0-9.-]+", "-").replaceAll("^-+|-+$", "") + "/";
  }
}
