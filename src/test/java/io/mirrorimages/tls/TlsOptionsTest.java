package io.mirrorimages.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsOptionsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-384", "ed25519"})
  void keysOfTheUsualKindsAreRead(String kind) throws Exception {
    make(kind);
    TlsOptions options = options(file("cert.pem"), file("cert.pem"), file("key.pem"));
    assertThat(options.registryContext()).isNotNull();
    assertThat(options.asksForTls()).isTrue();
  }

  @Test
  void aCertificateWithoutKeyIsAnError() {
    assertThatThrownBy(
            () ->
                new TlsOptions(
                    Optional.empty(),
                    Optional.of(file("cert.pem")),
                    Optional.empty(),
                    false,
                    false))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("{setting key-file}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
  void anotherFormOfKeyComesWithTheCommandThatConvertsIt(String form) throws Exception {
    make("rsa:2048");
    write("old.pem", "-----BEGIN " + form + "-----\nAAAA\n-----END " + form + "-----\n");
    TlsOptions options = options(file("cert.pem"), file("cert.pem"), file("old.pem"));
    assertThatThrownBy(options::registryContext)
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt -in " + file("old.pem"));
  }

  @Test
  void filesThatAreNoneAreNamed() throws Exception {
    make("rsa:2048");
    write("empty.pem", "");
    write("damaged.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertThatThrownBy(() -> options(file("absent.pem"), null, null).registryContext())
        .hasMessageContaining("absent.pem does not exist");
    assertThatThrownBy(() -> options(file("empty.pem"), null, null).registryContext())
        .hasMessageContaining("empty.pem");
    assertThatThrownBy(() -> options(null, file("cert.pem"), file("damaged.pem")).registryContext())
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("damaged.pem");
  }

  private TlsOptions options(Path ca, Path cert, Path key) {
    return new TlsOptions(
        Optional.ofNullable(ca), Optional.ofNullable(cert), Optional.ofNullable(key), false, false);
  }

  private void make(String kind) throws Exception {
    Process openssl =
        new ProcessBuilder(
                ("openssl req -x509 -nodes -subj /CN=x -keyout key.pem -out cert.pem -newkey "
                        + kind)
                    .split(" "))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    assertThat(openssl.waitFor()).isZero();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(file(name), text);
  }

  private Path file(String name) {
    return directory.resolve(name);
  }
}
