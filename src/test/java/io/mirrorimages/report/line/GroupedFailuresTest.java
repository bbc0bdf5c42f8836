package io.mirrorimages.report.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.event.RunEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupedFailuresTest {
  private final GroupedFailures format = new GroupedFailures(new EventText());
  private final List<ImageResult> results = new ArrayList<>();
  private final List<String> atOnce = new ArrayList<>();

  @Test
  void sevenHundredEqualFailuresAreOneLineWithTheirCountAndThreeNames() {
    for (int i = 1; i <= 700; i++) {
      fail(i, FailureKind.DENIED, "h:1 denies access to %s (request 5c" + i + "); log in");
    }
    assertThat(atOnce)
        .hasSize(3)
        .allMatch(line -> line.matches(".*rancher/app[123]:v1  denied: h:1 denies .*"));
    assertThat(end())
        .hasSize(2)
        .first()
        .isEqualTo(
            "700 images failed with the same: rancher/app1:v1, rancher/app2:v1, rancher/app3:v1"
                + " and 697 more: denied: h:1 denies access to IMAGE; log in");
  }

  @Test
  void imagesThatAnArchiveHasUnderOtherNamesAreOneLine() {
    for (int i = 1; i <= 100; i++) {
      fail(
          i,
          FailureKind.MISSING,
          "a.tar has no image h.lan/%s: it has quay.io/r/app" + i + ":v1, x/y:v2");
    }
    assertThat(atOnce).first().asString().contains(": it has quay.io/r/app1:v1, x/y:v2");
    assertThat(end())
        .hasSize(2)
        .first()
        .asString()
        .endsWith(
            " and 97 more: missing: a.tar has no image IMAGE, but others of nearly that name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:19141/rancher/app%d:v1",
        "h:1/proxy/docker.io/rancher/app%d:v1.0",
        "docker.io/rancher/app%d:v%d",
        "rancher/app%d",
        "https://h/rancher/app%d:v1@sha256:abcd"
      })
  void imagesThatAMirrorLacksAreOneLineThatSaysToCheckTheNames(String form) {
    for (int i = 1; i <= 100; i++) {
      fail(i, FailureKind.MISSING, "h:1 does not have " + form.replace("%d", "" + i));
    }
    assertThat(atOnce).hasSize(3);
    assertThat(end())
        .hasSize(2)
        .first()
        .asString()
        .endsWith(" and 97 more: missing: h:1 does not have IMAGE; check these names");
  }

  @Test
  void imagesThatLackALayerAreNotSaidToBeMisspelt() {
    for (int i = 1; i <= 4; i++) {
      fail(i, FailureKind.MISSING, "h:1 does not have blob sha256:ab of %s, a layer");
    }
    assertThat(end().getFirst()).doesNotContain("check these names");
  }

  @Test
  void fewEqualFailuresHaveALineEachAtOnce() {
    for (int i = 1; i <= 3; i++) {
      fail(i, FailureKind.NETWORK, "h:1 did not answer for " + i + " s");
    }
    assertThat(atOnce)
        .hasSize(3)
        .element(1)
        .asString()
        .contains("rancher/app2:v1  network: ", "2 s");
    assertThat(end()).hasSize(1);
  }

  @Test
  void differentFailuresAreNotTakenTogether() {
    fail(1, FailureKind.NETWORK, "h:1 answered 502 for %s");
    fail(2, FailureKind.NETWORK, "h:1 answered 500 for %s");
    fail(3, FailureKind.NETWORK, "h:2 answered 500 for %s");
    fail(4, FailureKind.DENIED, "h:2 answered 500 for %s");
    assertThat(atOnce).hasSize(4);
    assertThat(end()).hasSize(1);
  }

  @Test
  void causesComeBeforeTheirConsequences() {
    for (int i = 1; i <= 4; i++) {
      fail(i, FailureKind.MISSING, "%s needs what is damaged");
    }
    for (int i = 5; i <= 8; i++) {
      fail(i, FailureKind.CORRUPT, "blob sha256:abcd is damaged");
    }
    List<String> lines = end();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("4 images failed", "corrupt: blob sha256:abcd is damaged");
    assertThat(lines.get(1)).contains("4 images failed", "missing: IMAGE needs what is damaged");
  }

  private void fail(int number, FailureKind kind, String message) {
    Reference name = Reference.parse("rancher/app" + number + ":v1");
    ImageResult result =
        ImageResult.failed(
            new ImageRequest(name, name),
            Optional.empty(),
            new TransferException(kind, message.replace("%s", name.toString())));
    results.add(result);
    atOnce.addAll(format.lines(new RunEvent.ImageEnded(result)));
  }

  private List<String> end() {
    return format.lines(new RunEvent.ImagesEnded(results, Duration.ofSeconds(1), List.of()));
  }
}
