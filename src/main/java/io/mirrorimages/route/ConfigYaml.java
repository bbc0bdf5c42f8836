package io.mirrorimages.route;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.route.RegistriesFile.Config;
import io.mirrorimages.tls.TlsOptions;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the entries of {@code configs}: credentials and certificates by host. */
final class ConfigYaml {
  private static final Set<String> OF_CONFIG = Set.of("auth", "tls");
  private static final Set<String> OF_AUTH =
      Set.of("username", "password", "auth", "identity_token");
  private static final Set<String> OF_TLS =
      Set.of("ca_file", "cert_file", "key_file", "insecure_skip_verify");

  private final RegistriesYaml file;

  /** Tells {@code file} what it finds. */
  ConfigYaml(RegistriesYaml file) {
    this.file = file;
  }

  /** What {@code entry} says of its host. */
  Config config(YamlMap.Entry entry) {
    boolean hasAuth = false;
    Map<String, String> auth = new LinkedHashMap<>();
    Optional<TlsOptions> tls = Optional.empty();
    for (YamlMap.Entry one : YamlMap.of(entry.value(), RegistriesYaml.quoted(entry)).entries()) {
      switch (one.key()) {
        case "auth" -> {
          hasAuth = !one.isNull();
          auth(one, auth);
        }
        case "tls" -> tls = one.isNull() ? Optional.empty() : Optional.of(tls(one));
        default -> file.ignored(one, "in a config", OF_CONFIG);
      }
    }
    Optional<Credential> credential = hasAuth ? credential(auth, entry.line()) : Optional.empty();
    return new Config(entry.line(), hasAuth, credential, tls);
  }

  private void auth(YamlMap.Entry entry, Map<String, String> given) {
    for (YamlMap.Entry one : YamlMap.of(entry.value(), "\"auth\"").entries()) {
      if (OF_AUTH.contains(one.key())) {
        given.put(one.key(), YamlMap.text(one.value(), RegistriesYaml.quoted(one)));
      } else {
        file.ignored(one, "in an auth", OF_AUTH);
      }
    }
  }

  private Optional<Credential> credential(Map<String, String> given, int line) {
    String encoded = given.getOrDefault("auth", "");
    Optional<Credential> credential =
        Credential.ofContainerd(
            given.getOrDefault("username", ""),
            given.getOrDefault("password", ""),
            given.getOrDefault("identity_token", ""),
            encoded);
    if (credential.isEmpty() && !encoded.isEmpty()) {
      file.find(line, "this \"auth\" is not base64 of user:password and can't be used");
    }
    return credential;
  }

  private Path path(YamlMap.Entry entry, String named) {
    try {
      return Path.of(named);
    } catch (InvalidPathException e) {
      throw file.invalid(
          entry.line(), RegistriesYaml.quoted(entry) + " is not the name of a file", e);
    }
  }

  private TlsOptions tls(YamlMap.Entry entry) {
    Map<String, Path> files = new LinkedHashMap<>();
    boolean insecure = false;
    for (YamlMap.Entry one : YamlMap.of(entry.value(), "\"tls\"").entries()) {
      switch (one.key()) {
        case "ca_file", "cert_file", "key_file" -> {
          String named = YamlMap.text(one.value(), RegistriesYaml.quoted(one));
          files.remove(one.key());
          if (!named.isEmpty()) {
            Path path = path(one, named);
            files.put(one.key(), path);
            if (!Files.isReadable(path)) {
              file.find(one.line(), "can't read " + named + ": nothing can be fetched with it");
            }
          }
        }
        case "insecure_skip_verify" ->
            insecure = YamlMap.truth(one.value(), RegistriesYaml.quoted(one));
        default -> file.ignored(one, "in a tls", OF_TLS);
      }
    }
    if (files.containsKey("cert_file") != files.containsKey("key_file")) {
      throw file.invalid(entry.line(), "cert_file and key_file go together: give both", null);
    }
    return new TlsOptions(
        Optional.ofNullable(files.get("ca_file")),
        Optional.ofNullable(files.get("cert_file")),
        Optional.ofNullable(files.get("key_file")),
        insecure,
        false);
  }
}
