package io.mirrorimages.registry.auth;

import io.mirrorimages.image.Repository;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a request needs to be allowed (distribution token scope grammar).
 *
 * @param repository whose credential is used; with an empty path that of the registry as such
 * @param scopes what is asked for; empty to have only the credential checked
 */
public record Access(Repository repository, Set<String> scopes) {
  /** To read there. */
  public static Access pull(Repository repository) {
    return new Access(repository, Set.of(pullScope(repository)));
  }

  /** To write there, and to read. */
  public static Access push(Repository repository) {
    return new Access(repository, Set.of("repository:" + repository.path() + ":pull,push"));
  }

  /** To be let in, with no right to anything. */
  public static Access none(String registry) {
    return new Access(new Repository(registry, ""), Set.of());
  }

  /** The same and the right to read {@code other}, as a mount needs it. */
  public Access andPull(Repository other) {
    return and(Set.of(pullScope(other)));
  }

  /** The same with further scopes. */
  public Access and(Set<String> more) {
    Set<String> all = new TreeSet<>(scopes);
    all.addAll(more);
    return new Access(repository, all);
  }

  /**
   * What a token for this is good for at a Harbor, whose tokens are for all repositories of the
   * projects that they name; not to be asked for.
   */
  Access perProject() {
    Set<String> all = new TreeSet<>();
    for (String scope : scopes) {
      all.add(scope.replaceFirst("^(repository:[^/:]+)/[^:]*:", "$1/*:"));
    }
    all.removeIf(scope -> scope.endsWith(":pull") && all.contains(scope + ",push"));
    String path = repository.path();
    int slash = path.indexOf('/');
    return new Access(
        new Repository(repository.registry(), slash < 0 ? path : path.substring(0, slash)), all);
  }

  private static String pullScope(Repository repository) {
    return "repository:" + repository.path() + ":pull";
  }
}
