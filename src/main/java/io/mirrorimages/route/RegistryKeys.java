package io.mirrorimages.route;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.route.RegistriesFile.Config;
import io.mirrorimages.route.RegistriesFile.MirrorEntry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Finds names in a {@code registries.yaml} that are the name of nothing. */
final class RegistryKeys {

  private RegistryKeys() {}

  static void check(
      Map<String, MirrorEntry> mirrors,
      Map<String, Config> configs,
      BiConsumer<Integer, String> found) {
    mirrors.forEach(
        (key, mirror) -> {
          wrong(key)
              .ifPresent(why -> found.accept(mirror.line(), "no image is of " + quoted(key) + why));
          if (mirror.endpoints().isEmpty()) {
            found.accept(mirror.line(), "the mirror of " + quoted(key) + " has no endpoint");
          }
        });
    configs.forEach(
        (key, config) -> {
          if (Set.of("auth", "tls").contains(key)) {
            found.accept(
                config.line(),
                quoted(key) + " stands beside its host, not below it: K3s takes it for a host");
            return;
          }
          wrong(key)
              .ifPresent(why -> found.accept(config.line(), quoted(key) + " is no host" + why));
          if (config.hasAuth() && (key.equals(DockerHub.NAME) || key.equals("*"))) {
            found.accept(
                config.line(),
                "nodes do not use the \"auth\" of "
                    + quoted(key)
                    + ": name the host of the endpoint"
                    + (key.equals(DockerHub.NAME)
                        ? ", registry-1.docker.io for Docker Hub itself"
                        : ""));
          }
          if (mirrors.containsKey("*") && !mirrors.containsKey(key) && !config.isEmpty()) {
            if (!key.equals("*") && !isEndpoint(key, mirrors)) {
              found.accept(
                  config.line(), "because of this entry the mirror \"*\" is not used for " + key);
            }
          }
        });
  }

  private static boolean isEndpoint(String key, Map<String, MirrorEntry> mirrors) {
    return mirrors.values().stream()
        .flatMap(mirror -> mirror.endpoints().stream())
        .anyMatch(endpoint -> endpoint.value().contains(key));
  }

  /** Why a key never matches a registry as it stands in image names, or an endpoint's host. */
  private static Optional<String> wrong(String key) {
    if (key.equals("*")) {
      return Optional.empty();
    }
    if (key.contains("/")) {
      return Optional.of(": write the host alone, without scheme and path");
    }
    if (key.equals("index.docker.io")) {
      return Optional.of(": Docker Hub is called docker.io here");
    }
    try {
      // The server of Docker Hub is a host of its own in this file.
      return DockerHub.serverOf(Reference.checkRegistry(key)).equals(DockerHub.serverOf(key))
          ? Optional.empty()
          : Optional.of(": hosts are lower case");
    } catch (InvalidContentException e) {
      return Optional.of(": it is not of the form host or host:port");
    }
  }

  private static String quoted(String key) {
    return KeyText.host(key);
  }
}
