package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.list.ImageList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  void shortNamesAreToldWhereTwoPlacesAreUsual() {
    List<Reference> images =
        Stream.of("rancher/shell:v1", "busybox:1", "registry:2", "busybox:2")
            .map(Reference::parse)
            .toList();
    assertThat(Mapping.FLAT.hint(images))
        .hasValueSatisfying(
            hint ->
                assertThat(hint)
                    .contains("busybox and 1 more", "rancher/busybox", "--mapping rancher"));
    assertThat(Mapping.FLAT.hint(images.subList(0, 1))).isEmpty();
    assertThat(RANCHER.hint(images)).isEmpty();
    assertThat(flat("^library/=rancher/").hint(images)).isEmpty();
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
    Mapping mapping = Mapping.of(Mapping.Layout.BY_REGISTRY, List.of("^registry[.]k8s[.]io/=k8s/"));

    assertThat(mapping.path(new Repository("registry.k8s.io", "pause"))).isEqualTo("k8s/pause");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rancher", "=x", "(=x", "(?<=a)b=x", "^a=$1", "^(a)=${2}", "^(a)=$n"})
  void refusesWhatIsNoRule(String rule) {
    assertThatThrownBy(() -> flat(rule))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--map");
  }

  @Test
  void aGroupsNameGoesOnAsFarAsItCanAsInGo() {
    assertThatThrownBy(() -> flat("^rancher/(.*)=m/$1x"))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("group \"1x\"", "${1}x");
    assertThatThrownBy(() -> flat("^rancher/(.*)=m/$1_x"))
        .isInstanceOf(UsageException.class)
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
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("--map", "Upper/shell", "docker.io/rancher/shell");
  }

  @Test
  void refusesNamesThatGetTooLong() {
    Destination destination = Destination.parse("h.io/" + "p".repeat(200)).with(BY_REGISTRY);

    assertThatThrownBy(() -> destination.name(Reference.parse("a/" + "b".repeat(50))))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("255");
  }

  @Test
  void findsCollisionsThatARuleMakes() {
    Destination destination = Destination.parse("h.io").with(flat("^[a-z]+/=all/"));

    assertThatThrownBy(
            () ->
                destination.requests(
                    List.of(Reference.parse("a/x:1"), Reference.parse("quay.io/b/x:1"))))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("docker.io/a/x:1", "quay.io/b/x:1", "h.io/all/x:1", "--mapping");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h.io | flat | ",
        "h.io/proj/sub | flat | ",
        "h.io | by-registry | ",
        "h.io/proj | by-registry | ",
        "h.io | rancher | ",
        "h.io/proj | rancher | ",
        "h.io | rancher | ^rancher/(.*)=mirror/$1",
        "h.io | flat | ^rancher/(.*)=mirror/$1",
        "h.io/proj | by-registry | k8s[.]io/(.*)=k8s.io/x-$1"
      })
  void nodesThatRewriteFindEachImageWhereItWent(
      String registry, String layout, String rule, @TempDir Path folder) throws Exception {
    List<Reference> images =
        List.of(
            Reference.parse("rancher/shell:v1"),
            Reference.parse("nginx:1"),
            Reference.parse("rancher/a.b:v1"),
            Reference.parse("rancher/axb:v1"),
            Reference.parse("registry.k8s.io/pause:3.9"));
    Path list = Files.write(folder.resolve("l"), images.stream().map(Reference::toString).toList());
    List<String> rules = rule == null ? List.of() : List.of(rule);
    Mapping.Layout parsed =
        Arrays.stream(Mapping.Layout.values())
            .filter(value -> value.toString().equals(layout))
            .findFirst()
            .orElseThrow();
    Destination destination = Destination.parse(registry).with(Mapping.of(parsed, rules));

    Command command =
        rule == null
            ? Command.run(
                "registries-yaml", "--registry", registry, "--mapping", layout, "--list", list)
            : Command.run(
                "registries-yaml",
                "--registry",
                registry,
                "--mapping",
                layout,
                "--map",
                rule,
                "--list",
                list);

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out()).doesNotContain("\\");
    for (Reference image : images) {
      assertThat(rewritten(command.out(), image.repository()))
          .isEqualTo(destination.path(image.repository()));
    }
  }

  @Test
  void withoutAListThereIsOneMirrorForAll() {
    Command command =
        Command.run("registries-yaml", "--registry", "h.io:8443/proj", "--ca-file", "/etc/ca.pem");

    assertThat(command.out())
        .containsSubsequence(
            "mirrors:",
            "  \"*\":",
            "- \"https://h.io:8443\"",
            "\"^(.*)$\": \"proj/$1\"",
            "configs:",
            "  \"h.io:8443\":",
            "ca_file: \"/etc/ca.pem\"");
    assertThat(
            Command.run("registries-yaml", "--registry", "h.io", "--mapping", "by-registry")
                .complaint(2))
        .contains("--list");
  }

  /** As K3s does it: of the registry's rewrites any that changes the path; there must be one. */
  private static String rewritten(String yaml, Repository repository) {
    Matcher block =
        Pattern.compile(
                "  \"%s\":\n    endpoint:\n      - \"https://h.io\"\n((?:    rewrite:\n)?(?:      .*\n)*)"
                    .formatted(Pattern.quote(repository.registry())))
            .matcher(yaml);
    assertThat(block.find()).as(yaml).isTrue();
    Matcher rewrite = Pattern.compile("      \"(.*)\": \"(.*)\"").matcher(block.group(1));
    String result = repository.path();
    int changed = 0;
    while (rewrite.find()) {
      String other = repository.path().replaceAll(rewrite.group(1), rewrite.group(2));
      if (!other.equals(repository.path())) {
        result = other;
        changed++;
      }
    }
    assertThat(changed).as("rewrites for " + repository).isLessThanOrEqualTo(1);
    return result;
  }

  private static Mapping flat(String... rules) {
    return Mapping.of(Mapping.Layout.FLAT, List.of(rules));
  }
}
