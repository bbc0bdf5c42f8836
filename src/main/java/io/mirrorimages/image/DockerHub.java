package io.mirrorimages.image;

/** Docker Hub, the one registry whose name is not the host where it is reached. */
public final class DockerHub {
  /** Its name in images. */
  public static final String NAME = "docker.io";

  private static final String SERVER = "registry-1.docker.io";

  private DockerHub() {}

  /** The host, with its port if it has one, where a registry is reached that images name so. */
  public static String serverOf(String registry) {
    return registry.equals(NAME) ? SERVER : registry;
  }

  /** What images call the registry that is reached at a host. */
  public static String registryOf(String server) {
    return server.equals(SERVER) ? NAME : server;
  }
}
