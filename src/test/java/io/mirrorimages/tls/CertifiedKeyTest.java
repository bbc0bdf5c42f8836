package io.mirrorimages.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  @ValueSource(
      strings = {
        "rsa:2048",
        "rsa:4096",
        "ec -pkeyopt ec_paramgen_curve:P-256",
        "ec -pkeyopt ec_paramgen_curve:P-384",
        "ec -pkeyopt ec_paramgen_curve:P-521"
      })
  void keysInTheFormsOfBeforeAreTaken(String kind) throws Exception {
    make("own", kind);
    openssl("pkey -in own.key -traditional -out old.key");
    String old = Files.readString(file("old.key"));
    assertThat(old).containsPattern("^-----BEGIN (RSA|EC) PRIVATE KEY-----");
    // As openssl ecparam -genkey writes it.
    String parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

    for (String text : List.of(old, parameters + old, old.replace("\n", "\r\n"))) {
      Files.writeString(file("old.key"), text);
      assertThat(CertifiedKey.isUsable(file("own.pem"), file("old.key"))).isTrue();
    }
  }

  @Test
  void anEncryptedKeyComesWithTheCommandThatDecryptsIt() throws Exception {
    make("own", "rsa:2048");
    for (String form : List.of("-traditional", "")) {
      openssl(("pkey -in own.key -aes256 -passout pass:secret -out old.key " + form).strip());

      assertThatThrownBy(() -> CertifiedKey.serverContext(file("own.pem"), file("old.key")))
          .isInstanceOf(InvalidContentException.class)
          .hasMessageContainingAll("ENCRYPTED", "openssl pkcs8 -topk8 -nocrypt -in ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "AAAA", "MAMCAQE=", "MIQ=", "MIX/////fw==", "MAUCAQEEAA==", "MAcCAQEEAKAA"})
  void aDamagedKeyIsNoneWhateverItIsCut(String base64) throws Exception {
    make("own", "ed25519");
    for (String form : List.of("RSA", "EC")) {
      Files.writeString(
          file("old.key"),
          "-----BEGIN %s PRIVATE KEY-----\n%s\n-----END %s PRIVATE KEY-----\n"
              .formatted(form, base64, form));
      assertThat(CertifiedKey.isUsable(file("own.pem"), file("old.key"))).isFalse();
    }
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
    openssl(
        "req -x509 -nodes -subj /CN=x -keyout %s.key -out %s.pem -newkey %s"
            .formatted(name, name, kind));
  }

  private void openssl(String arguments) throws Exception {
    Process openssl =
        new ProcessBuilder(("openssl " + arguments).split(" "))
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
