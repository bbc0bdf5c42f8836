package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NearNamesTest {
  private final NearNames archive =
      new NearNames(
          names(
              "rancher/rancher:v1",
              "rancher/rancher:v2",
              "rancher/rancher:v3",
              "rancher/rancher:v4",
              "quay.io/other/rancher:v2",
              "busybox:1",
              "rancher/shell:v1"));

  @Test
  void theSameTagCountsFirstThenTheLongestCommonEnd() {
    assertThat(near("harbor.lan/mirror/rancher/rancher:v2"))
        .containsExactly("docker.io/rancher/rancher:v2", "quay.io/other/rancher:v2");
    assertThat(near("harbor.lan/mirror/busybox:1")).containsExactly("docker.io/library/busybox:1");
  }

  @Test
  void ofOtherTagsThreeAreNamed() {
    assertThat(near("rancher/rancher:v9"))
        .hasSize(3)
        .allMatch(name -> name.startsWith("docker.io/rancher/rancher:"));
    assertThat(near("rancher/ranche:v2")).isEmpty();
  }

  @Test
  void oneBeginningOfAllNamesIsFound() {
    assertThat(prefix("harbor.lan/m/rancher/rancher:v2", "harbor.lan/m/rancher/shell:v1"))
        .contains(new NearNames.OtherPrefix("harbor.lan/m/", "docker.io/"));
    assertThat(prefix("harbor.lan/docker.io/rancher/shell:v1", "harbor.lan/none/at-all:v1"))
        .contains(new NearNames.OtherPrefix("harbor.lan/", ""));
  }

  @Test
  void severalBeginningsAndNamesThatTheArchiveHasAreNone() {
    assertThat(prefix("harbor.lan/m/rancher/rancher:v2", "harbor.lan/n/rancher/shell:v1"))
        .isEmpty();
    assertThat(prefix("harbor.lan/m/rancher/rancher:v2", "rancher/shell:v1")).isEmpty();
    assertThat(prefix("harbor.lan/m/rancher/rancher:v2", "quay.io/x/none:v1")).isEmpty();
    assertThat(prefix("harbor.lan/m/rancher/rancher:v9")).isEmpty();
    assertThat(prefix()).isEmpty();
  }

  private Optional<NearNames.OtherPrefix> prefix(String... wanted) {
    return archive.otherPrefix(names(wanted));
  }

  private List<String> near(String wanted) {
    return archive.of(Reference.parse(wanted)).stream().map(Reference::toString).toList();
  }

  private static List<Reference> names(String... names) {
    return Stream.of(names).map(Reference::parse).toList();
  }

  @Test
  void whatIsTypedMayBeAPartOfAName() {
    List<Reference> names =
        List.of(
            Reference.parse("docker.io/rancher/shell:v1"), Reference.parse("quay.io/a/nginx:1"));

    assertThat(NearNames.containing("rancher/shel:v2", names)).containsExactly(names.getFirst());
    assertThat(NearNames.containing("rancher/", names)).isEmpty();
  }
}
