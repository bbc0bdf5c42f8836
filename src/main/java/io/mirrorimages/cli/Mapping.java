package io.mirrorimages.cli;

import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.route.DockerHub;
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
  /** Names as they are, and as nodes with a registries.yaml ask for them. */
  static final Mapping FLAT = new Mapping(Layout.FLAT, List.of());

  private static final String SHORT = "library/";

  Mapping {
    rules = List.copyOf(rules);
  }

  /** What becomes of the registry that an image comes from. */
  enum Layout {
    /** It is dropped. */
    FLAT,
    /**
     * As Rancher's {@code system-default-registry} and its load script have it: a name that says
     * another registry than Docker Hub keeps it, and one without a slash goes below {@code
     * rancher/}.
     */
    RANCHER,
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
    String path =
        isRenamed(source)
            ? "rancher/" + source.path().substring(SHORT.length())
            : prefix(source.registry()) + source.path();
    return rules.stream()
        .map(rule -> rule.apply(path))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(path);
  }

  /** What the layout puts before the paths of a registry. */
  String prefix(String registry) {
    boolean dropped =
        layout == Layout.FLAT || (layout == Layout.RANCHER && registry.equals(DockerHub.NAME));
    return dropped ? "" : registry.replaceAll("[^a-z0-9.-]+", "-").replaceAll("^-+|-+$", "") + "/";
  }

  /** Whether the layout puts nothing but its prefix before all paths of a registry. */
  boolean isPrefix(String registry) {
    return rules.isEmpty() && !(layout == Layout.RANCHER && registry.equals(DockerHub.NAME));
  }

  private boolean isRenamed(Repository source) {
    return layout == Layout.RANCHER && isShort(source);
  }

  /** Whether a repository's name was, or can be, written without a slash. */
  static boolean isShort(Repository repository) {
    return repository.registry().equals(DockerHub.NAME) && repository.path().startsWith(SHORT);
  }

  /**
   * What to know about names without a slash: Rancher and nodes look for them in two places. Empty
   * if there are none, or names are changed by more than this layout.
   */
  Optional<String> hint(List<Reference> sources) {
    List<String> names =
        equals(FLAT)
            ? sources.stream()
                .map(Reference::repository)
                .filter(Mapping::isShort)
                .map(repository -> repository.path().substring(SHORT.length()))
                .distinct()
                .toList()
            : List.of();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s%s: to be found at %s%s, as by nodes with a registries.yaml; Rancher's system-default-registry looks for rancher/%s: --mapping rancher puts it there"
                .formatted(
                    names.getFirst(),
                    names.size() == 1 ? "" : " and " + (names.size() - 1) + " more short names",
                    SHORT,
                    names.getFirst(),
                    names.getFirst()));
  }
}
