package io.mirrorimages.image;

/**
 * A repository of a registry, by its normalised name: {@code docker.io} and {@code library/} are
 * spelled out.
 *
 * @param registry host, or {@code host:port}, lower case; {@code docker.io} for Docker Hub
 * @param path the repository's path, for example {@code rancher/shell}
 */
public record Repository(String registry, String path) {

  /**
   * What a registry like Harbor gives rights for: {@code registry/} and the first part of the path.
   * A path of one part is a project by itself.
   */
  public String project() {
    int slash = path.indexOf('/');
    return registry + "/" + (slash < 0 ? path : path.substring(0, slash + 1));
  }

  /** Whether both are in one {@link #project()}. */
  public boolean isInProjectOf(Repository other) {
    return project().equals(other.project());
  }

  /** {@code registry/path}. */
  @Override
  public String toString() {
    return registry + "/" + path;
  }
}
