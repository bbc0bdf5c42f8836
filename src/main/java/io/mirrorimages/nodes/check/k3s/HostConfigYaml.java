package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.ClientCertificate;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.Placeholder;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.ConfigEntry;
import io.mirrorimages.route.YamlMap;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads an entry of {@code configs}: login and certificates of a host. */
final class HostConfigYaml {
  private static final Set<String> OF_CONFIG = Set.of("auth", "tls");
  private static final Set<String> OF_AUTH =
      Set.of("username", "password", "auth", "identity_token");
  private static final Set<String> OF_TLS =
      Set.of("ca_file", "cert_file", "key_file", "insecure_skip_verify");

  private final String name;
  private final FindingLog findings;

  HostConfigYaml(String name, FindingLog findings) {
    this.name = name;
    this.findings = findings;
  }

  ConfigEntry read(YamlMap.Entry entry) {
    Optional<NodeLogin> login = Optional.empty();
    Optional<NodeTls> tls = Optional.empty();
    for (YamlMap.Entry one : YamlMap.of(entry.value(), KeyText.host(entry.key())).entries()) {
      switch (one.key()) {
        case "auth" -> login = one.isNull() ? Optional.empty() : Optional.of(login(one));
        case "tls" -> tls = one.isNull() ? Optional.empty() : Optional.of(tls(one, entry.key()));
        default -> find(one, ignored(one, "in a config", OF_CONFIG));
      }
    }
    return new ConfigEntry(entry.line(), login, tls);
  }

  private NodeLogin login(YamlMap.Entry auth) {
    Map<String, String> given = new HashMap<>();
    for (YamlMap.Entry one : YamlMap.of(auth.value(), "\"auth\"").entries()) {
      if (OF_AUTH.contains(one.key())) {
        given.put(one.key(), YamlMap.text(one.value(), Text.quote(one.key())));
      } else {
        find(one, ignored(one, "in an auth", OF_AUTH));
      }
    }
    return new NodeLogin(credential(given, auth.line()), name + ":" + auth.line());
  }

  private Optional<Credential> credential(Map<String, String> given, int line) {
    String encoded = given.getOrDefault("auth", "");
    Optional<Credential> credential =
        Credential.ofContainerd(
            given.getOrDefault("username", ""),
            given.getOrDefault("password", ""),
            given.getOrDefault("identity_token", ""),
            encoded);
    if (credential.isEmpty()) {
      findings.add(
          FindingKind.BAD_AUTH,
          name,
          line,
          encoded.isEmpty()
              ? "this \"auth\" has neither username, identity_token nor auth: pulls are anonymous"
              : "this \"auth\" is not base64 of user:password and can't be used");
    }
    if (credential.filter(Placeholder::isIn).isPresent()) {
      findings.add(FindingKind.BAD_AUTH, name, line, NodeLogin.PLACEHOLDER);
    }
    return credential;
  }

  private NodeTls tls(YamlMap.Entry tls, String host) {
    Map<String, Path> files = new HashMap<>();
    boolean insecure = false;
    int certLine = tls.line();
    for (YamlMap.Entry one : YamlMap.of(tls.value(), "\"tls\"").entries()) {
      switch (one.key()) {
        case "ca_file", "cert_file", "key_file" -> {
          file(one).ifPresent(path -> files.put(one.key(), path));
          boolean cert = one.key().equals("cert_file");
          boolean lone = one.key().equals("key_file") && !files.containsKey("cert_file");
          certLine = cert || lone ? one.line() : certLine;
        }
        case "insecure_skip_verify" -> insecure = YamlMap.truth(one.value(), Text.quote(one.key()));
        default -> find(one, ignored(one, "in a tls", OF_TLS));
      }
    }
    NodeTls read =
        new NodeTls(
            Optional.ofNullable(files.get("ca_file")),
            Optional.ofNullable(files.get("cert_file")),
            Optional.ofNullable(files.get("key_file")),
            insecure,
            name + ":" + tls.line());
    ClientCertificate.check(read, host, "cert_file", "key_file", name, certLine, findings);
    return read;
  }

  private Optional<Path> file(YamlMap.Entry entry) {
    String named = YamlMap.text(entry.value(), Text.quote(entry.key()));
    try {
      return named.isEmpty() ? Optional.empty() : Optional.of(Path.of(named));
    } catch (InvalidPathException e) {
      throw new YamlMap.TypeException(
          entry.line(), Text.quote(entry.key()) + " is not the name of a file");
    }
  }

  /** What is wrong with a key that has no meaning there. */
  static String ignored(YamlMap.Entry entry, String where, Set<String> known) {
    String near =
        known.stream()
            .filter(k -> k.equalsIgnoreCase(entry.key()) || entry.key().equals(k + "s"))
            .findFirst()
            .map(k -> "; it is \"" + k + "\"")
            .orElse("");
    String elsewhere = entry.key().contains("-registry") ? ": write it in config.yaml" : "";
    return "K3s ignores " + KeyText.host(entry.key()) + " " + where + near + elsewhere;
  }

  private void find(YamlMap.Entry entry, String text) {
    findings.add(FindingKind.UNKNOWN_KEY, name, entry.line(), text);
  }
}
