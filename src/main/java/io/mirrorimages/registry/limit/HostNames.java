package io.mirrorimages.registry.limit;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.util.Locale;

/** The one name that a host has, however it is written. */
public final class HostNames {
  private HostNames() {}

  /**
   * By which a host's limits are found: that of its registry, without the port that is meant
   * anyway.
   *
   * @param server {@code host[:port]} as it was written
   */
  static String hostOf(String server) {
    return registryOf(server).replaceFirst(":443$", "");
  }

  /** By which the credentials for a host are found. */
  public static String registryOf(String server) {
    String host = server.toLowerCase(Locale.ROOT);
    try {
      return DockerHub.registryOf(Reference.checkRegistry(host));
    } catch (InvalidContentException e) {
      return host;
    }
  }
}
