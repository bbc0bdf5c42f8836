package io.mirrorimages.route;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.route.HostYaml.AuthText;
import io.mirrorimages.route.HostYaml.TlsText;
import io.mirrorimages.route.RegistriesFile.Config;
import io.mirrorimages.tls.TlsOptions;
import java.nio.file.Files;
import java.util.Optional;

/** Brings the entries of {@code configs} to credentials and certificates that can be used. */
final class ConfigYaml {
  private final RegistriesYaml file;

  /** Tells {@code file} what it finds. */
  ConfigYaml(RegistriesYaml file) {
    this.file = file;
  }

  /** What {@code entry} says of its host. */
  Config config(YamlMap.Entry entry) {
    HostYaml host = HostYaml.of(entry, RegistriesYaml.quoted(entry), file::ignored);
    return new Config(
        host.line(),
        host.auth().isPresent(),
        host.auth().flatMap(auth -> credential(auth, host.line())),
        host.tls().map(this::tls));
  }

  private Optional<Credential> credential(AuthText auth, int line) {
    Optional<Credential> credential = auth.credential();
    if (credential.isEmpty() && !auth.encoded().isEmpty()) {
      file.find(line, "this \"auth\" is not base64 of user:password and can't be used");
    }
    return credential;
  }

  private TlsOptions tls(TlsText tls) {
    for (HostYaml.FileText one : tls.files().values()) {
      if (!Files.isReadable(one.path())) {
        file.find(one.line(), "can't read " + one.path() + ": nothing can be fetched with it");
      }
    }
    if (tls.file("cert_file").isPresent() != tls.file("key_file").isPresent()) {
      throw file.invalid(tls.line(), "cert_file and key_file go together: give both", null);
    }
    return new TlsOptions(
        tls.file("ca_file"), tls.file("cert_file"), tls.file("key_file"), tls.insecure(), false);
  }
}
