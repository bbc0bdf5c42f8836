package io.mirrorimages.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
  @Test
  void hashesContent() {
    assertThat(Digest.sha256("{}".getBytes(StandardCharsets.UTF_8)))
        .hasToString("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  }

  @Test
  void takesSha512Too() {
    Digest digest = Digest.parse("sha512:" + "ab".repeat(64));

    assertThat(digest.ofSameAlgorithm(new byte[0]).algorithm()).isEqualTo("sha512");
    assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 128})
  void givesBackWhatItWasMadeOf(int length) {
    Random random = new Random(length);
    for (int i = 0; i < 100; i++) {
      String hex = hex(random, length);
      String algorithm = length == 64 ? "sha256" : "sha512";
      Digest digest = new Digest(algorithm, hex);

      assertThat(digest.algorithm()).isEqualTo(algorithm);
      assertThat(digest.hex()).isEqualTo(hex);
      assertThat(digest).hasToString(algorithm + ":" + hex);
      assertThat(digest)
          .isEqualTo(Digest.parse(digest.toString()))
          .hasSameHashCodeAs(Digest.parse(digest.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 128})
  void differsFromOneWithAnotherDigitAnywhere(int length) {
    String algorithm = length == 64 ? "sha256" : "sha512";
    String hex = hex(new Random(length), length);
    Digest digest = new Digest(algorithm, hex);
    for (int i = 0; i < length; i++) {
      char other = hex.charAt(i) == '0' ? 'f' : '0';

      assertThat(digest)
          .isNotEqualTo(new Digest(algorithm, hex.substring(0, i) + other + hex.substring(i + 1)));
    }
  }

  private static String hex(Random random, int length) {
    byte[] bytes = new byte[length / 2];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256",
        "sha256:",
        "sha256:abc",
        "SHA256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "sha256:44136FA355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a0",
        "sha256:../../../../../../../../../../../../../../../../../../../etc/passwd",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha256:%2e%2e%2f36fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff"
      })
  void refusesWhatIsNoDigest(String text) {
    assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(InvalidContentException.class);
  }
}
