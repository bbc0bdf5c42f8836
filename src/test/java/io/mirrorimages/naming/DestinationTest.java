package io.mirrorimages.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {
  @ParameterizedTest
  @CsvSource({
    "harbor.example.com, rancher/shell:v1, harbor.example.com/rancher/shell:v1",
    "harbor.example.com/, busybox, harbor.example.com/library/busybox:latest",
    "harbor.example.com/mirror, quay.io/a/b:1, harbor.example.com/mirror/a/b:1",
    "harbor.example.com:8443/a/b, rancher/shell:v1, harbor.example.com:8443/a/b/rancher/shell:v1",
    "harbor, rancher/shell:v1, harbor/rancher/shell:v1"
  })
  void dropsTheHostAndKeepsThePath(String registry, String source, String target) throws Exception {
    assertThat(Destination.parse(registry).name(Reference.parse(source))).hasToString(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://harbor.example.com",
        "harbor.example.com/Upper",
        "harbor .example",
        "harbor/a//b"
      })
  void refusesWhatIsNoRegistry(String text) {
    assertThatThrownBy(() -> Destination.parse(text))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageNotContainingAny("--");
  }

  @Test
  void refusesTwoImagesThatWouldOverwriteEachOther() {
    List<Reference> names =
        List.of(Reference.parse("quay.io/a/b:1"), Reference.parse("ghcr.io/a/b:1"));

    assertThatThrownBy(() -> Destination.parse("harbor.example.com").requests(names))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("quay.io/a/b:1", "ghcr.io/a/b:1", "harbor.example.com/a/b:1");
  }
}
