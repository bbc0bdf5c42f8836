package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.nodes.check.ClientCertificate;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.ConfigEntry;
import io.mirrorimages.route.HostYaml;
import io.mirrorimages.route.HostYaml.AuthText;
import io.mirrorimages.route.HostYaml.TlsText;
import io.mirrorimages.route.KeyText;
import io.mirrorimages.route.YamlMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Brings an entry of {@code configs} to the login and the certificates of attempts. */
final class HostConfigYaml {
  private final String name;
  private final FindingLog findings;

  HostConfigYaml(String name, FindingLog findings) {
    this.name = name;
    this.findings = findings;
  }

  ConfigEntry read(YamlMap.Entry entry) {
    HostYaml host =
        HostYaml.of(
            entry,
            KeyText.host(entry.key()),
            (one, where, known) -> find(one, ignored(one, where, known)));
    return new ConfigEntry(
        host.line(), host.auth().map(this::login), host.tls().map(tls -> tls(tls, entry.key())));
  }

  private NodeLogin login(AuthText auth) {
    return new NodeLogin(credential(auth), name + ":" + auth.line());
  }

  private Optional<Credential> credential(AuthText auth) {
    Optional<Credential> credential = auth.credential();
    if (credential.isEmpty()) {
      findings.add(
          FindingKind.BAD_AUTH,
          name,
          auth.line(),
          auth.encoded().isEmpty()
              ? "this \"auth\" has neither username, identity_token nor auth: pulls are anonymous"
              : "this \"auth\" is not base64 of user:password and can't be used");
    }
    credential
        .flatMap(NodeLogin::complaint)
        .ifPresent(why -> findings.add(FindingKind.BAD_AUTH, name, auth.line(), why));
    return credential;
  }

  private NodeTls tls(TlsText tls, String host) {
    NodeTls read =
        new NodeTls(
            tls.file("ca_file"),
            tls.file("cert_file"),
            tls.file("key_file"),
            tls.insecure(),
            name + ":" + tls.line());
    int line =
        Stream.of("cert_file", "key_file")
            .flatMap(key -> Stream.ofNullable(tls.files().get(key)))
            .map(HostYaml.FileText::line)
            .findFirst()
            .orElse(tls.line());
    ClientCertificate.check(read, host, "cert_file", "key_file", name, line, findings);
    return read;
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
    return "K3s ignores " + KeyText.ignored(entry.key(), where) + " " + where + near + elsewhere;
  }

  private void find(YamlMap.Entry entry, String text) {
    findings.add(FindingKind.UNKNOWN_KEY, name, entry.line(), text);
  }
}
