package io.mirrorimages.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
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
