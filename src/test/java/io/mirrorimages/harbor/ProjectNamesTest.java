package io.mirrorimages.harbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectNamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"library", "docker.io", "registry.k8s.io", "a-b_c.d", "0"})
  void takesRunsOfLettersAndDigitsWithOneSeparatorBetween(String name) {
    assertThat(ProjectNames.isAllowed(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a__b", "a--b", "-a", "a-", "A", "host:5000", "a/b", "a.-b"})
  void refusesWhatHarborRefuses(String name) {
    assertThat(ProjectNames.isAllowed(name)).isFalse();
  }

  @Test
  void refusesWhatIsLongerThanHarborTakes() {
    assertThat(ProjectNames.isAllowed("a".repeat(255))).isTrue();
    assertThat(ProjectNames.isAllowed("a".repeat(256))).isFalse();
  }

  @Test
  void namesEachProjectOnce() {
    assertThat(ProjectNames.of(images("h.io/b/x/y:1", "h.io/a/x:1", "h.io/b/z:1")))
        .containsExactly("a", "b");
  }

  @Test
  void namesTheImagesThatAreRefusedUpToFive() {
    List<Reference> many =
        Stream.of("a", "b", "c", "d", "e", "f").map(n -> Reference.parse("h.io/" + n)).toList();

    assertThatThrownBy(() -> ProjectNames.of(many))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContainingAll("h.io/a:latest", "h.io/e:latest", "and 1 more")
        .hasMessageNotContaining("h.io/f");
    assertThatThrownBy(() -> ProjectNames.of(images("h.io/a--b/c:1")))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("h.io/a--b/c:1");
  }

  @Test
  void tellsEachKindOfRefusalAndTheProjectsThatAreAllowed() {
    List<Reference> mixed = images("h.io/a:1", "h.io/b--c/x:1", "h.io/d/x:1", "h.io/e:1");

    assertThat(ProjectNames.refusals(mixed))
        .satisfiesExactly(
            alone -> assertThat(alone).contains("wants a project", "h.io/a:1, h.io/e:1:"),
            misnamed -> assertThat(misnamed).contains("two separators", "h.io/b--c/x:1:"));
    assertThat(ProjectNames.allowed(mixed)).containsExactly("d");
    assertThat(ProjectNames.refusals(images("h.io/d/x:1"))).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithEachKind() {
    assertThatThrownBy(() -> ProjectNames.of(images("h.io/a--b/c:1", "h.io/c:1")))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageStartingWith(
            "Harbor wants a project before the name, and there is none in h.io/c:1: ");
    assertThatThrownBy(
            () -> ProjectNames.of(images("h.io/1", "h.io/2", "h.io/3", "h.io/4", "h.io/5")))
        .hasMessageContaining("h.io/5:latest: ")
        .hasMessageNotContaining("more");
    assertThatThrownBy(() -> ProjectNames.of(images("h.io/a--b/c:1")))
        .hasMessageStartingWith("Harbor takes no project with two separators in a row");
  }

  @Test
  void aProjectIsTheFirstPartOfAPath() {
    assertThat(ProjectNames.of(new Repository("h.io", "a/b/c"))).isEqualTo("a");
    assertThat(ProjectNames.of(new Repository("h.io", "a"))).isEmpty();
  }

  private static List<Reference> images(String... names) {
    return Stream.of(names).map(Reference::parse).toList();
  }
}
