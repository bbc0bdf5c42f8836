package io.mirrorimages.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificate a server shows. */
class CertifiedKeyTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-384", "ed25519"})
  void keysOfTheUsualKindsAreTaken(String kind) throws Exception {
    make("own", kind);

    assertThat(CertifiedKey.serverContext(file("own.pem"), file("own.key")).getProtocol())
        .isEqualTo("TLS");
  }

  @ParameterizedTest
  @CsvSource({"rsa:2048, rsa:2048", "rsa:2048, ed25519", "ed25519, ed25519"})
  void aKeyOfAnotherCertificateIsRefusedAtOnce(String own, String other) throws Exception {
    make("own", own);
    make("other", other);

    assertThatThrownBy(() -> CertifiedKey.serverContext(file("own.pem"), file("other.key")))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("own.pem and ")
        .hasMessageContaining("other.key do not work together");
  }

  @Test
  void filesThatCanNotBeReadAreNamed() throws Exception {
    make("own", "ed25519");

    assertThatThrownBy(() -> CertifiedKey.serverContext(file("own.pem"), folder))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("cannot read " + folder);
    assertThatThrownBy(() -> CertifiedKey.serverContext(file("absent.pem"), file("own.key")))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("absent.pem does not exist");
    assertThatThrownBy(() -> CertifiedKey.serverContext(file("own.key"), file("own.key")))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("own.key is not a PEM file with certificates");
  }

  private void make(String name, String kind) throws Exception {
    Process openssl =
        new ProcessBuilder(
                "openssl req -x509 -nodes -subj /CN=x -keyout %s.key -out %s.pem -newkey %s"
                    .formatted(name, name, kind)
                    .split(" "))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertThat(openssl.waitFor()).as(Files.readString(folder.resolve("log"))).isZero();
  }

  private Path file(String name) {
    return folder.resolve(name);
  }
}
