package io.mirrorimages.route;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  private final Map<String, Credential> entries;
  private final Map<String, String> helpers;
  private final Optional<String> store;

  private CredentialFile(
      Map<String, Credential> entries, Map<String, String> helpers, Optional<String> store) {
    this.entries = Map.copyOf(entries);
    this.helpers = Map.copyOf(helpers);
    this.store = store;
  }

  static CredentialFile read(Path file) {
    JsonNode root;
    try {
      root = Json.parse(Files.readAllBytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new InvalidContentException(
          "the credential file " + file + " does not exist: is REGISTRY_AUTH_FILE right?", e);
    } catch (IOException e) {
      throw new InvalidContentException("cannot read " + file + ": " + e.getMessage(), e);
    }
    Map<String, Credential> entries = new HashMap<>();
    for (Map.Entry<String, JsonNode> auth : root.path("auths").properties()) {
      credential(auth.getValue(), auth.getKey(), file)
          .ifPresent(credential -> entries.put(key(auth.getKey()), credential));
    }
    Map<String, String> helpers = new HashMap<>();
    for (Map.Entry<String, JsonNode> helper : root.path("credHelpers").properties()) {
      helpers.put(key(helper.getKey()), helper.getValue().asString(""));
    }
    String store = root.path("credsStore").asString("");
    return new CredentialFile(
        entries, helpers, store.isEmpty() ? Optional.empty() : Optional.of(store));
  }

  /** Whether an answer for one repository may differ from that for its neighbour. */
  boolean hasNamespaces() {
    return java.util.stream.Stream.concat(entries.keySet().stream(), helpers.keySet().stream())
        .anyMatch(key -> key.indexOf('/') >= 0);
  }

  /** The entry of the longest matching name; a helper goes before an entry, as with docker. */
  Optional<Credential> find(Repository repository, CredentialHelpers runner) {
    for (String name : names(repository)) {
      String helper = helpers.getOrDefault(name, "");
      Optional<Credential> credential =
          helper.isEmpty()
              ? Optional.ofNullable(entries.get(name))
              : runner.ask(helper, servers(name), true);
      if (credential.isPresent()) {
        return credential;
      }
    }
    return store.flatMap(helper -> runner.ask(helper, servers(repository.registry()), false));
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

  private static Optional<Credential> credential(JsonNode auth, String key, Path file) {
    String identityToken = auth.path("identitytoken").asString("");
    if (!identityToken.isEmpty()) {
      return Optional.of(new Credential("", identityToken, true));
    }
    String encoded = auth.path("auth").asString("");
    if (!encoded.isEmpty()) {
      return Optional.of(decode(encoded, key, file));
    }
    String username = auth.path("username").asString("");
    return username.isEmpty()
        ? Optional.empty()
        : Optional.of(Credential.password(username, auth.path("password").asString("")));
  }

  private static Credential decode(String encoded, String key, Path file) {
    try {
      String plain =
          new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
      int colon = plain.indexOf(':');
      if (colon >= 0) {
        // Docker pads the password with NUL characters in old files.
        return Credential.password(
            plain.substring(0, colon), plain.substring(colon + 1).replaceFirst("\0+$", ""));
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the text: it is a secret.
    }
    throw new InvalidContentException(
        file + ": the entry of " + key + " has an \"auth\" that is not base64 of user:password");
  }
}
