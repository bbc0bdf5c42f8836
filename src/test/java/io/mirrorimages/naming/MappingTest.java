package io.mirrorimages.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.list.ImageList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What images are called at the target, and that nodes are told the same. */
class MappingTest {
  private static final Mapping RANCHER = new Mapping(Mapping.Layout.RANCHER, List.of());
  private static final Mapping BY_REGISTRY = new Mapping(Mapping.Layout.BY_REGISTRY, List.of());

  @ParameterizedTest
  @CsvSource({
    "rancher/shell:v1, docker.io/rancher/shell",
    "nginx, docker.io/library/nginx",
    "quay.io/a/b:1, quay.io/a/b",
    "registry.k8s.io/pause:3.9, registry.k8s.io/pause",
    "localhost:5000/a/b:1, localhost-5000/a/b",
    "'[::1]:5000/a:1', 1-5000/a"
  })
  void byRegistryKeepsTheRegistryAsAProjectThatHarborTakes(String source, String path) {
    assertThat(BY_REGISTRY.path(Reference.parse(source).repository())).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "busybox:1, rancher/busybox",
    "registry:2, rancher/registry",
    "docker.io/library/nginx:1, rancher/nginx",
    "rancher/shell:v1, rancher/shell",
    "longhornio/x:1, longhornio/x",
    "quay.io/jetstack/cert-manager-controller:v1, quay.io/jetstack/cert-manager-controller",
    "localhost:5000/library/a:1, localhost-5000/library/a"
  })
  void rancherFindsNamesWhereItsDefaultRegistryHasThem(String source, String path) {
    assertThat(RANCHER.path(Reference.parse(source).repository())).isEqualTo(path);
  }

  @Test
  void allImagesOfRanchersListsKeepNamesOfTheirOwn() throws Exception {
    for (String name : List.of("v2.5.10", "v2.10.4", "v2.13.2-with-cert-manager")) {
      List<Reference> images =
          ImageList.read(List.of("image-lists/rancher-images-" + name + ".txt"), System.in)
              .references();
      assertThat(Destination.parse("h.io").with(RANCHER).requests(images)).hasSameSizeAs(images);
    }
  }

  @Test
  void shortNamesAreThoseWithoutASlash() {
    List<Reference> images =
        Stream.of("rancher/shell:v1", "busybox:1", "registry:2", "busybox:2")
            .map(Reference::parse)
            .toList();
    assertThat(Mapping.FLAT.shortNames(images)).containsExactly("busybox", "registry");
    assertThat(Mapping.FLAT.shortNames(images.subList(0, 1))).isEmpty();
    assertThat(RANCHER.shortNames(images)).isEmpty();
    assertThat(flat("^library/=rancher/").shortNames(images)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'^rancher/(.*)=mirror/$1', mirror/shell",
    "'shell=x', rancher/x",
    "'l=1', rancher/she11",
    "'^(?P<p>[a-z]+)/(.*)$=${p}-images/$2', rancher-images/shell",
    "'^other/=x/', rancher/shell",
    "'a{1}=b', rbncher/shell",
    "'^rancher/(.*)=m/${1}x', m/shellx",
    "'^rancher/(.*)=m/$1-x', m/shell-x",
    "'^rancher/(?P<n1>.*)=m/$n1/$1', m/shell/shell",
    "'x*=-', -r-a-n-c-h-e-r-/-s-h-e-l-l-",
    "'l*$=-', rancher/she-",
    "'^=p/', p/rancher/shell",
    "'(x)?she=${1}t', rancher/tll"
  })
  void rulesReplaceWhatTheyFindAsRewritesDo(String rule, String path) {
    assertThat(flat(rule).path(new Repository("docker.io", "rancher/shell"))).isEqualTo(path);
  }

  @Test
  void theFirstRuleThatChangesANameCounts() {
    Mapping mapping = flat("^quay=x", "^rancher/=rancher/", "^rancher/=first/", "^first/=second/");

    assertThat(mapping.path(new Repository("docker.io", "rancher/shell"))).isEqualTo("first/shell");
  }

  @Test
  void rulesSeeWhatTheLayoutGave() {
    Mapping mapping =
        new Mapping(
            Mapping.Layout.BY_REGISTRY, List.of(NameRule.parse("^registry[.]k8s[.]io/=k8s/")));

    assertThat(mapping.path(new Repository("registry.k8s.io", "pause"))).isEqualTo("k8s/pause");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rancher", "=x", "(=x", "(?<=a)b=x", "^a=$1", "^(a)=${2}", "^(a)=$n"})
  void refusesWhatIsNoRule(String rule) {
    assertThatThrownBy(() -> flat(rule))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("rule");
  }

  @Test
  void aGroupsNameGoesOnAsFarAsItCanAsInGo() {
    assertThatThrownBy(() -> flat("^rancher/(.*)=m/$1x"))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContainingAll("group \"1x\"", "${1}x");
    assertThatThrownBy(() -> flat("^rancher/(.*)=m/$1_x"))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContainingAll("group \"1_x\"", "${1}_x");
  }

  @Test
  void twoDollarSignsAreOneAndMakeNoName() {
    Mapping mapping = flat("^rancher/(.*)=$$1/$1");

    assertThat(mapping.path(new Repository("docker.io", "rancher/shell"))).isEqualTo("$1/shell");
  }

  @Test
  void refusesARuleThatMakesNoName() {
    Destination destination = Destination.parse("h.io").with(flat("rancher=Upper"));

    assertThatThrownBy(() -> destination.name(Reference.parse("rancher/shell:v1")))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("Upper/shell", "docker.io/rancher/shell");
  }

  @Test
  void refusesNamesThatGetTooLong() {
    Destination destination = Destination.parse("h.io/" + "p".repeat(200)).with(BY_REGISTRY);

    assertThatThrownBy(() -> destination.name(Reference.parse("a/" + "b".repeat(50))))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("255");
  }

  @Test
  void findsCollisionsThatARuleMakes() {
    Destination destination = Destination.parse("h.io").with(flat("^[a-z]+/=all/"));

    assertThatThrownBy(
            () ->
                destination.requests(
                    List.of(Reference.parse("a/x:1"), Reference.parse("quay.io/b/x:1"))))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("docker.io/a/x:1", "quay.io/b/x:1", "h.io/all/x:1");
  }

  private static Mapping flat(String... rules) {
    return new Mapping(Mapping.Layout.FLAT, Stream.of(rules).map(NameRule::parse).toList());
  }
}
