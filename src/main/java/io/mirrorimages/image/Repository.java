package io.mirrorimages.image;

/**
 * A repository of a registry, by its normalised name: {@code docker.io} and {@code library/} are
 * spelled out.
 *
 * @param registry host, or {@code host:port}, lower case; {@code docker.io} for Docker Hub
 * @param path the repository's path, for example {@code rancher/shell}
 */
public record Repository(String registry, String path) {

  /** {@code registry/path}. */
  @Override
  public String toString() {
    return registry + "/" + path;
  }
}
