package io.mirrorimages.naming;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Reference;
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
public record Mapping(Layout layout, List<NameRule> rules) {
  /** Names as they are, and as nodes with a registries.yaml ask for them. */
  public static final Mapping FLAT = new Mapping(Layout.FLAT, List.of());

  private static final String SHORT = "library/";

  public Mapping {
    rules = List.copyOf(rules);
  }

  /** What becomes of the registry that an image comes from. */
  public enum Layout {
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
  private String prefix(String registry) {
    boolean dropped =
        layout == Layout.FLAT || (layout == Layout.RANCHER && registry.equals(DockerHub.NAME));
    return dropped ? "" : registry.replaceAll("[^a-z0-9.-]+", "-").replaceAll("^-+|-+$", "") + "/";
  }

  private boolean isRenamed(Repository source) {
    return layout == Layout.RANCHER && isShort(source);
  }

  /** Whether a repository's name was, or can be, written without a slash. */
  static boolean isShort(Repository repository) {
    return repository.registry().equals(DockerHub.NAME) && repository.path().startsWith(SHORT);
  }

  /**
   * The names without a slash among {@code sources}, each once: Rancher and nodes look for them in
   * two places. None if names are changed by more than {@link Layout#FLAT}.
   */
  public List<String> shortNames(List<Reference> sources) {
    return equals(FLAT)
        ? sources.stream()
            .map(Reference::repository)
            .filter(Mapping::isShort)
            .map(repository -> repository.path().substring(SHORT.length()))
            .distinct()
            .toList()
        : List.of();
  }
}
