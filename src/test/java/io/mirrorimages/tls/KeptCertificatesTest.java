package io.mirrorimages.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.Authority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptCertificatesTest {
  @TempDir private Path folder;
  private Path own;
  private Path other;
  private X509Certificate issued;

  @BeforeEach
  void issue() throws IOException {
    Authority authority = new Authority(Files.createDirectory(folder.resolve("ours")));
    own = authority.certificate();
    issued = PemFiles.certificates(authority.issue("localhost", true, 9).certificate()).getFirst();
    other = new Authority(Files.createDirectory(folder.resolve("others"))).certificate();
  }

  @Test
  void variablesStandForTheSystemsBundleAndFolders() throws IOException {
    Path certs = Files.createDirectory(folder.resolve("certs"));
    Files.copy(own, certs.resolve("0a1b2c3d.0"));
    assertThat(trusts(Map.of())).isFalse();
    assertThat(trusts(Map.of("SSL_CERT_FILE", own.toString()))).isTrue();
    assertThat(trusts(Map.of("SSL_CERT_FILE", other.toString()))).isFalse();
    assertThat(trusts(Map.of("SSL_CERT_DIR", "/nowhere::" + certs))).isTrue();
    assertThat(
            trusts(Map.of("SSL_CERT_FILE", "/nowhere", "SSL_CERT_DIR", certs.toString(), "X", "")))
        .isTrue();
  }

  @Test
  void theSystemsAreTheFirstBundleThatThereIsAndTheFolders() throws IOException {
    Path absent = folder.resolve("absent.pem");
    Path bundle = Files.copy(other, folder.resolve("bundle.pem"));
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    assertThat(system(List.of(absent, empty, bundle, own), List.of())).hasSize(1);
    assertThat(system(List.of(bundle), List.of(own.getParent()))).hasSizeGreaterThan(1);
    assertThat(system(List.of(absent), List.of(absent))).isEmpty();
  }

  @Test
  void whatCantBeReadIsPassedOver() throws Exception {
    Path odd = Files.createDirectory(folder.resolve("odd"));
    Files.createDirectory(odd.resolve("folder.pem"));
    Files.createSymbolicLink(odd.resolve("dangling.pem"), Path.of("nowhere"));
    assertThat(new ProcessBuilder("mkfifo", odd + "/pipe.pem").start().waitFor()).isZero();
    Files.write(odd.resolve("noise.pem"), new byte[] {0, -1, 48, -126});
    // A bundle of which one is damaged, with words between.
    String damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    Files.writeString(
        odd.resolve("mixed.pem"),
        "# One - of ours\n"
            + damaged
            + Files.readString(own)
            + "\n# Two\n"
            + Files.readString(other));
    Files.copy(own, odd.resolve("again.pem"));
    assertThat(system(List.of(), List.of(odd))).hasSize(2);
    // As certs.d has them too.
    Path der = odd.resolve("der.pem");
    Files.write(der, PemFiles.certificates(own).getFirst().getEncoded());
    assertThat(PemFiles.readable(der)).hasSize(1);
  }

  @Test
  void whatIsKeptForARegistryCountsThereOnly() throws IOException {
    for (String where :
        List.of(
            ".config/containers/certs.d/a.test",
            ".config/docker/certs.d/b.test:5000",
            ".docker/certs.d/docker.io",
            ".config/containers/certs.d/[fd12::1]:5000")) {
      Files.copy(own, Files.createDirectories(folder.resolve(where)).resolve("ca.crt"));
    }
    assertThat(trustsAt("a.test", 443)).isTrue();
    assertThat(trustsAt("a.test", 5000)).isFalse();
    assertThat(trustsAt("b.test", 5000)).isTrue();
    assertThat(trustsAt("b.test", 443)).isFalse();
    assertThat(trustsAt("registry-1.docker.io", 443)).isTrue();
    assertThat(trustsAt("fd12::1", 5000)).isTrue();
    assertThat(trustsAt("c.test", 443)).isFalse();
  }

  @Test
  void aCertificateToShowNeedsItsKey() throws IOException {
    Path kept = Files.createDirectories(folder.resolve(".docker/certs.d/a.test"));
    Files.copy(own, kept.resolve("client.cert"));
    assertThat(KeptCertificates.ofUser(Map.of(), folder).of("a.test", 443).isEmpty()).isTrue();
    Files.copy(own.resolveSibling("ca.key"), kept.resolve("client.key"));
    assertThat(KeptCertificates.ofUser(Map.of(), folder).of("a.test", 443).certFile())
        .contains(kept.resolve("client.cert"));
  }

  private static List<X509Certificate> system(List<Path> bundles, List<Path> folders) {
    return new KeptCertificates(bundles, folders, List.of()).authorities();
  }

  private boolean trusts(Map<String, String> environment) {
    return trusts(KeptCertificates.ofUser(environment, folder), "localhost", 443);
  }

  private boolean trustsAt(String host, int port) {
    return trusts(KeptCertificates.ofUser(Map.of(), folder), host, port);
  }

  private boolean trusts(KeptCertificates kept, String host, int port) {
    Optional<?> problem = TlsOptions.defaults().with(kept).distrust(List.of(issued), host, port);
    return problem.isEmpty();
  }
}
