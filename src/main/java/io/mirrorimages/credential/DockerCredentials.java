package io.mirrorimages.credential;

import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The credentials that {@code docker login} and {@code podman login} left behind: podman's {@code
 * auth.json} and docker's {@code config.json}, with their credential helpers. The files are read
 * once, at construction; a helper is asked once per server and run. Thread-safe.
 */
public final class DockerCredentials implements Credentials {
  private static final Duration HELPER_TIME = Duration.ofSeconds(30);

  private final List<CredentialFile> files;
  private final List<Path> places;
  private final CredentialHelpers helpers;
  private final Map<Repository, Optional<Credential>> found = new ConcurrentHashMap<>();

  DockerCredentials(List<CredentialFile> files, CredentialHelpers helpers) {
    this(files, List.of(), helpers);
  }

  private DockerCredentials(
      List<CredentialFile> files, List<Path> places, CredentialHelpers helpers) {
    this.files = List.copyOf(files);
    this.places = List.copyOf(places);
    this.helpers = helpers;
  }

  /**
   * Reads the files that the environment points to, those that exist, in this order: {@code
   * $REGISTRY_AUTH_FILE}, or else {@code containers/auth.json} in {@code $XDG_RUNTIME_DIR} (without
   * it {@code /run/containers/UID/auth.json}) and in {@code $XDG_CONFIG_HOME} or {@code ~/.config};
   * then {@code $DOCKER_CONFIG/config.json}, or else {@code ~/.docker/config.json}. One that is
   * malformed, or named by {@code REGISTRY_AUTH_FILE} and missing, fails the lookup of a credential
   * that no file before it has.
   *
   * @param environment the process's variables
   * @param home the user's home directory
   */
  public static DockerCredentials fromEnvironment(Map<String, String> environment, Path home) {
    List<CredentialFile> files = new ArrayList<>();
    List<Path> places = new ArrayList<>();
    String named = environment.getOrDefault("REGISTRY_AUTH_FILE", "");
    if (!named.isEmpty()) {
      places.add(Path.of(named));
      files.add(CredentialFile.read(Path.of(named)));
    } else {
      String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
      Path podman = Path.of("containers", "auth.json");
      places.add(
          runtime.isEmpty()
              ? Path.of("/run/containers", userId(), "auth.json")
              : Path.of(runtime).resolve(podman));
      String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
      places.add((config.isEmpty() ? home.resolve(".config") : Path.of(config)).resolve(podman));
    }
    String docker = environment.getOrDefault("DOCKER_CONFIG", "");
    places.add(
        (docker.isEmpty() ? home.resolve(".docker") : Path.of(docker)).resolve("config.json"));
    places.stream()
        .skip(files.size())
        .filter(Files::exists)
        .map(CredentialFile::read)
        .forEach(files::add);
    return new DockerCredentials(files, places, new CredentialHelpers(environment, HELPER_TIME));
  }

  /** The number of the user that this process runs as. */
  private static String userId() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "0";
    }
  }

  @Override
  public Optional<Credential> find(Repository repository) {
    return found.computeIfAbsent(keyed(repository), this::search);
  }

  /** One answer per namespace in a file, else one per registry: the map stays small. */
  private Repository keyed(Repository repository) {
    return files.stream().anyMatch(CredentialFile::hasNamespaces)
        ? repository
        : new Repository(repository.registry(), "");
  }

  private Optional<Credential> search(Repository repository) {
    for (CredentialFile file : files) {
      Optional<Credential> credential = file.find(repository, helpers);
      if (credential.isPresent()) {
        return credential;
      }
    }
    return Optional.empty();
  }

  @Override
  public List<String> places() {
    return places.stream().map(Path::toString).toList();
  }
}
