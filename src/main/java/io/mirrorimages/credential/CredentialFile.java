package io.mirrorimages.credential;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * One {@code config.json} or {@code auth.json}. Its keys are registries, in the spellings that
 * logins have left over the years, and for podman also namespaces of registries
 * (containers-auth.json(5)). Jib's reader is not used for the entries, because it takes a
 * namespace's entry for the whole registry and knows identity tokens of one cloud only.
 */
final class CredentialFile {
  private static final List<String> HUB_SERVERS =
      List.of(
          "https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io");

  private final Path file;
  private final Map<String, JsonNode> entries;
  private final Map<String, String> helpers;
  private final Optional<String> store;
  private final Optional<String> problem;

  private CredentialFile(
      Path file,
      Map<String, JsonNode> entries,
      Map<String, String> helpers,
      Optional<String> store,
      Optional<String> problem) {
    this.file = file;
    this.entries = Map.copyOf(entries);
    this.helpers = Map.copyOf(helpers);
    this.store = store;
    this.problem = problem;
  }

  /**
   * Reads a file. What is wrong with it, or with an entry, is said when it is asked for one: most
   * runs need neither.
   */
  static CredentialFile read(Path file) {
    try {
      return parse(file);
    } catch (InvalidContentException e) {
      return new CredentialFile(
          file, Map.of(), Map.of(), Optional.empty(), Optional.of(e.getMessage()));
    }
  }

  /**
   * A file without content has no entries: {@code touch} makes such files, and so do mounts and
   * disks that are full.
   */
  static CredentialFile parse(Path file) {
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new InvalidContentException(
          "the credential file " + file + " does not exist: is REGISTRY_AUTH_FILE right?", e);
    } catch (IOException e) {
      throw new InvalidContentException(
          "cannot read the credential file " + file + ": " + ErrorWords.withoutFile(e), e);
    }
    text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (text.isBlank()) {
      return new CredentialFile(file, Map.of(), Map.of(), Optional.empty(), Optional.empty());
    }
    JsonNode root;
    try {
      root = Json.parse(text.getBytes(StandardCharsets.UTF_8), file.toString());
    } catch (InvalidContentException e) {
      // Where it goes wrong may be in a secret.
      throw new InvalidContentException(
          "the credential file " + file + " is no JSON object: mend it, or remove it and log in");
    }
    Map<String, JsonNode> entries = new HashMap<>();
    JsonNode auths = root.path("auths");
    if (!auths.isObject() && !isNothing(auths)) {
      throw new InvalidContentException(
          "the \"auths\" of the credential file " + file + " is no JSON object: log in again");
    }
    for (Map.Entry<String, JsonNode> auth : auths.properties()) {
      // Docker leaves empty ones where a helper has the secret.
      if (!isNothing(auth.getValue())) {
        entries.put(key(auth.getKey()), auth.getValue());
      }
    }
    Map<String, String> helpers = new HashMap<>();
    for (Map.Entry<String, JsonNode> helper : root.path("credHelpers").properties()) {
      helpers.put(key(helper.getKey()), helper.getValue().asString(""));
    }
    String store = root.path("credsStore").asString("");
    return new CredentialFile(
        file,
        entries,
        helpers,
        store.isEmpty() ? Optional.empty() : Optional.of(store),
        Optional.empty());
  }

  private static boolean isNothing(JsonNode node) {
    return node.isMissingNode() || node.isNull() || (node.isContainer() && node.isEmpty());
  }

  /** Whether an answer for one repository may differ from that for its neighbour. */
  boolean hasNamespaces() {
    return Stream.concat(entries.keySet().stream(), helpers.keySet().stream())
        .anyMatch(key -> key.indexOf('/') >= 0);
  }

  /**
   * The entry of the longest matching name; a helper goes before an entry, as with docker.
   *
   * @throws InvalidContentException naming the file, if it or the entry can't be read
   */
  Optional<Credential> find(Repository repository, CredentialHelpers runner) {
    if (problem.isPresent()) {
      throw new InvalidContentException(problem.get());
    }
    for (String name : names(repository)) {
      String helper = helpers.getOrDefault(name, "");
      Optional<Credential> credential =
          helper.isEmpty()
              ? Optional.ofNullable(entries.get(name)).flatMap(entry -> credential(entry, name))
              : runner.ask(helper, servers(name), true);
      if (credential.isPresent()) {
        return credential;
      }
    }
    return store.flatMap(helper -> runner.ask(helper, servers(repository.registry()), false));
  }

  /** The entry of the longest matching name, without helpers; one that is wrong is passed over. */
  Optional<Credential> entry(Repository repository) {
    return names(repository).stream()
        .flatMap(name -> Stream.ofNullable(entries.get(name)).map(entry -> usable(entry, name)))
        .findFirst()
        .flatMap(Function.identity());
  }

  /** The names of entries that are wrong, in order. */
  List<String> unusable() {
    return entries.entrySet().stream()
        .filter(entry -> usable(entry.getValue(), entry.getKey()).isEmpty())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Whether it names a helper. */
  boolean hasHelpers() {
    return store.isPresent() || !helpers.isEmpty();
  }

  private Optional<Credential> usable(JsonNode entry, String name) {
    try {
      return credential(entry, name);
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }

  /** {@code host/a/b}, {@code host/a}, {@code host}. */
  private static List<String> names(Repository repository) {
    List<String> names = new ArrayList<>();
    String name = repository.path().isEmpty() ? repository.registry() : repository.toString();
    while (true) {
      names.add(name);
      int slash = name.lastIndexOf('/');
      if (slash < 0) {
        return names;
      }
      name = name.substring(0, slash);
    }
  }

  /** What helpers may have been given as the server when the user logged in. */
  private static List<String> servers(String name) {
    return name.equals(DockerHub.NAME) ? HUB_SERVERS : List.of(name, "https://" + name);
  }

  /** Brings a key to {@code host} or {@code host/namespace}: {@code https://host/v1/} is a host. */
  private static String key(String written) {
    String key = written.replaceFirst("^https?://", "");
    key = key.replaceFirst("/v[12]/?$", "").replaceFirst("/+$", "");
    int slash = key.indexOf('/');
    String host = (slash < 0 ? key : key.substring(0, slash)).toLowerCase(Locale.ROOT);
    return (HUB_SERVERS.contains(host) ? DockerHub.NAME : host)
        + (slash < 0 ? "" : key.substring(slash));
  }

  private Optional<Credential> credential(JsonNode auth, String key) {
    if (!auth.isObject()) {
      throw new InvalidContentException(
          file
              + ": the entry of "
              + key
              + " is no JSON object with an \"auth\": log in again (docker login "
              + key
              + ")");
    }
    String identityToken = auth.path("identitytoken").asString("");
    if (!identityToken.isEmpty()) {
      return Optional.of(new Credential("", identityToken, true));
    }
    String encoded = auth.path("auth").asString("");
    if (!encoded.isEmpty()) {
      return Optional.of(decode(encoded, key));
    }
    String username = auth.path("username").asString("");
    return username.isEmpty()
        ? Optional.empty()
        : Optional.of(Credential.password(username, auth.path("password").asString("")));
  }

  private Credential decode(String encoded, String key) {
    return Credential.decode(encoded)
        .orElseThrow(
            () ->
                new InvalidContentException(
                    file
                        + ": the entry of "
                        + key
                        + " has an \"auth\" that is not base64 of user:password"));
  }
}
