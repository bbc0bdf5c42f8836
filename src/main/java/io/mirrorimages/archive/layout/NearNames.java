package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what an archive calls an image that is wanted by another name, such as the one that it has
 * at a registry of one's own. Immutable.
 */
public final class NearNames {
  private static final int MOST = 3;

  private final Map<String, List<Reference>> byLastComponent = new HashMap<>();

  /** Those of {@code names}. */
  public NearNames(Collection<Reference> names) {
    names.forEach(
        name -> byLastComponent.computeIfAbsent(last(name), key -> new ArrayList<>()).add(name));
  }

  /**
   * Names whose last component is that of {@code wanted}, the nearest first, at most three: only
   * those with the same tag, if there are any.
   */
  public List<Reference> of(Reference wanted) {
    List<Reference> near = byLastComponent.getOrDefault(last(wanted), List.of());
    List<Reference> same = near.stream().filter(n -> n.tag().equals(wanted.tag())).toList();
    return (same.isEmpty() ? near : same)
        .stream()
            .sorted(Comparator.comparingInt(n -> OtherPrefix.of(wanted, n).wanted().length()))
            .limit(MOST)
            .toList();
  }

  /** Those of {@code names} that contain the last component of what a user has typed for one. */
  public static List<Reference> containing(String typed, Collection<Reference> names) {
    String last = typed.substring(typed.lastIndexOf('/') + 1).replaceFirst("[:@].*", "");
    return last.isEmpty()
        ? List.of()
        : names.stream().filter(name -> name.toString().contains(last)).toList();
  }

  /**
   * What all of {@code wanted} begin with in place of what the archive's names of the same images
   * begin with; empty if that is not one and the same for all, or the archive has any under the
   * wanted name. Images that the archive does not have at all do not count.
   */
  public Optional<OtherPrefix> otherPrefix(Collection<Reference> wanted) {
    Optional<OtherPrefix> all = Optional.empty();
    for (Reference name : wanted) {
      List<Reference> near = of(name);
      if (!near.isEmpty() && near.getFirst().tag().equals(name.tag())) {
        OtherPrefix one = OtherPrefix.of(name, near.getFirst());
        if (one.wanted().isEmpty() || !all.orElse(one).equals(one)) {
          return Optional.empty();
        }
        all = Optional.of(one);
      }
    }
    return all.filter(
        prefix ->
            wanted.stream()
                .allMatch(name -> name.repository().toString().startsWith(prefix.wanted())));
  }

  /**
   * Two beginnings of a repository's name, each with its last slash or empty.
   *
   * @param wanted that of the wanted name
   * @param archived that of the archive's name
   */
  public record OtherPrefix(String wanted, String archived) {
    private static OtherPrefix of(Reference wanted, Reference archived) {
      String one = "/" + wanted.repository();
      String other = "/" + archived.repository();
      int same = 0;
      for (int i = 1; i <= Math.min(one.length(), other.length()); i++) {
        if (one.charAt(one.length() - i) != other.charAt(other.length() - i)) {
          break;
        }
        if (one.charAt(one.length() - i) == '/') {
          same = i - 1;
        }
      }
      return new OtherPrefix(cut(one, same), cut(other, same));
    }

    private static String cut(String name, int end) {
      return name.length() - end <= 1 ? "" : name.substring(1, name.length() - end);
    }
  }

  private static String last(Reference name) {
    String path = name.repository().path();
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
