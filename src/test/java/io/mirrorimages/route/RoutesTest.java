package io.mirrorimages.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.tls.TlsOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where K3s' nodes would look for an image; expected results are those of its own code. */
class RoutesTest {
  private static final String ORIGIN = "docker.io library/x";

  // Lookup

  @Test
  void withoutAnythingARegistryIsAskedItself() {
    assertThat(hops("", "x")).containsExactly(ORIGIN);
    assertThat(Routes.direct().isDirect()).isTrue();
  }

  @Test
  void endpointsComeInOrderAndTheRegistryItselfLast() {
    assertThat(hops("mirrors: {docker.io: {endpoint: [https://b, https://a]}}", "x"))
        .containsExactly("https://b library/x", "https://a library/x", ORIGIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "busybox",
        "library/busybox",
        "docker.io/busybox",
        "index.docker.io/library/busybox",
        "busybox@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "busybox:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void everySpellingOfAHubImageIsTheSame(String image) {
    Routes routes = routes("mirrors: {docker.io: {endpoint: [https://m]}}", false);
    assertThat(routes.hops(Reference.parse(image).repository()).getFirst().path())
        .isEqualTo("library/busybox");
  }

  @Test
  void anEntryOfItsOwnReplacesTheStar() {
    String file =
        "mirrors: {\"*\": {endpoint: [https://any], rewrite: {^: p/}}, quay.io: {endpoint:"
            + " [https://q]}}";
    assertThat(hops(file, "quay.io/a/b")).containsExactly("https://q a/b", "quay.io a/b");
    assertThat(hops(file, "ghcr.io/a/b")).containsExactly("https://any p/a/b", "ghcr.io a/b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"quay.io: ", "quay.io: {endpoint: []}", "quay.io: {endpoint: ['']}"})
  void anEntryWithoutAnyEndpointDoesNotReplaceTheStar(String entry) {
    String file = "mirrors: {\"*\": {endpoint: [https://any]}, " + entry + "}";
    assertThat(hops(file, "quay.io/a")).containsExactly("https://any a", "quay.io a");
    assertThat(hopsWithoutDefault(file, "quay.io/a")).containsExactly("https://any a");
  }

  @Test
  void aConfigOfItsOwnReplacesTheStarToo() {
    String file =
        "mirrors: {\"*\": {endpoint: [https://any]}}\nconfigs: {quay.io: {auth: {username: u}}}";
    assertThat(hops(file, "quay.io/a")).containsExactly("quay.io a");
    assertThat(findings(file)).anyMatch(t -> t.contains("\"*\" is not used for quay.io"));
    String empty = "mirrors: {\"*\": {endpoint: [https://any]}}\nconfigs: {quay.io: }";
    assertThat(hops(empty, "quay.io/a")).containsExactly("https://any a", "quay.io a");
  }

  @Test
  void aPortIsPartOfTheName() {
    String file = "mirrors: {\"h.io:443\": {endpoint: [https://m]}}";
    assertThat(hops(file, "h.io:443/a")).containsExactly("https://m a", "h.io:443 a");
    assertThat(hops(file, "h.io/a")).containsExactly("h.io a");
  }

  // Endpoints

  @ParameterizedTest
  @CsvSource({
    "m, https://m",
    "m:5000, https://m:5000",
    "localhost:5000, http://localhost:5000",
    "127.0.0.1:443, https://127.0.0.1:443",
    "localhost, https://localhost",
    "127.0.0.2:80, http://127.0.0.2:80",
    "https://localhost:5000, https://localhost:5000",
    "http://m, http://m",
    "HTTPS://m, https://m",
    "https://m/, https://m",
    "https://m/v2, https://m",
    "https://m/v2/, https://m",
    "https://m/v2/proj, https://m/v2/proj",
    "https://m/v2/proj/, https://m/v2/proj",
    "https://m/proj, https://m/proj",
    "https://m//a/../b/./, https://m/b",
    "https://u:p@m, https://m",
    "'https://[::1]:5000', 'https://[::1]:5000'",
    "docker.io, https://registry-1.docker.io",
  })
  void endpointsAreBroughtToOneForm(String written, String endpoint) {
    assertThat(hops("mirrors: {a.io: {endpoint: ['" + written + "']}}", "a.io/x"))
        .containsExactly(endpoint + " x", "a.io x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "https://", "ftp://m", "https://m m", "https://m:x", "/v2", "%zz"})
  void whatIsNoEndpointIsPassedOver(String written) {
    String file = "mirrors:\n  a.io:\n    endpoint:\n    - '" + written + "'\n    - good\n";
    assertThat(hops(file, "a.io/x")).containsExactly("https://good x", "a.io x");
    assertThat(findings(file)).anyMatch(t -> t.startsWith("f:4: the endpoint is passed over"));
  }

  @Test
  void theSameEndpointInThreeSpellingsIsOne() {
    String file = "mirrors:\n  a.io:\n    endpoint: [m, 'https://m/', 'https://m/v2']\n";
    assertThat(hops(file, "a.io/x")).containsExactly("https://m x", "a.io x");
    assertThat(findings(file)).hasSize(2).allMatch(t -> t.contains("there already"));
  }

  @Test
  void aUserInAnAddressIsNotUsed() {
    String file = "mirrors: {a.io: {endpoint: ['https://u:secret@m']}}";
    Route hop = routes(file, false).hops(Reference.parseRepository("a.io/x")).getFirst();
    assertThat(hop.endpoint().credential()).isEmpty();
    assertThat(findings(file)).singleElement().asString().doesNotContain("secret");
  }

  @Test
  void theRegistryItselfAsLastEndpointLosesItsRewrites() {
    String file = "mirrors: {a.io: {endpoint: [https://m, https://a.io], rewrite: {^: p/}}}";
    assertThat(hops(file, "a.io/x")).containsExactly("https://m p/x", "a.io x");
    assertThat(findings(file)).anyMatch(t -> t.contains("never asked with rewrites"));
    String withPort = "mirrors: {a.io: {endpoint: ['https://a.io:443'], rewrite: {^: p/}}}";
    assertThat(hops(withPort, "a.io/x")).containsExactly("https://a.io:443 p/x", "a.io x");
    String first = "mirrors: {a.io: {endpoint: [https://a.io, https://m], rewrite: {^: p/}}}";
    assertThat(hops(first, "a.io/x"))
        .containsExactly("https://a.io p/x", "https://m p/x", "a.io x");
    assertThat(hopsWithoutDefault(file, "a.io/x"))
        .containsExactly("https://m p/x", "https://a.io p/x");
  }

  @Test
  void theDefaultEndpointIsDisabledForWhatHasMirrorsOnly() {
    String file = "mirrors: {a.io: {endpoint: [https://m]}}";
    assertThat(hopsWithoutDefault(file, "a.io/x")).containsExactly("https://m x");
    assertThat(hopsWithoutDefault(file, "b.io/x")).containsExactly("b.io x");
    assertThat(hopsWithoutDefault("mirrors: {\"*\": {endpoint: [m]}}", "b.io/x"))
        .containsExactly("https://m x");
  }

  @Test
  void aConfigOfTheSameNameKeepsTheDefaultEndpoint() {
    String file = "mirrors: {a.io: {endpoint: [https://m]}}\nconfigs: {a.io: {tls: {}}}";
    assertThat(hopsWithoutDefault(file, "a.io/x")).containsExactly("https://m x", "a.io x");
    assertThat(routes(file, true).findings())
        .extracting(Finding::text)
        .anyMatch(t -> t.contains("can't be disabled"));
  }

  // Credentials and certificates

  @Test
  void credentialsAreThoseOfTheEndpointsHost() {
    String file =
        """
        mirrors:
          docker.io: {endpoint: ["https://m", "https://m:443", "https://registry-1.docker.io/v2/x"]}
        configs:
          m: {auth: {username: one}}
          "m:443": {auth: {username: two}}
          docker.io: {auth: {username: three}}
          registry-1.docker.io: {auth: {username: four}}
          "*": {auth: {username: five}}
        """;
    assertThat(users(file, "x")).containsExactly("one", "two", "four", "four");
    assertThat(users(file, "quay.io/x")).containsExactly("");
    String byName =
        "mirrors: {docker.io: {endpoint: [m]}}\nconfigs: {docker.io: {auth: {username: u}}}";
    assertThat(users(byName, "x")).containsExactly("", "");
  }

  @Test
  void certificatesOfTheStarAreForOriginsThatAreNotNamed() {
    String tls = "{tls: {insecure_skip_verify: true}}";
    String file = "mirrors: {a.io: {endpoint: [m]}}\nconfigs: {\"*\": " + tls + "}";
    assertThat(insecure(file, "a.io/x")).containsExactly(false, false);
    assertThat(insecure(file, "b.io/x")).containsExactly(true);
    assertThat(
            insecure("mirrors: {\"*\": {endpoint: [m]}}\nconfigs: {\"*\": " + tls + "}", "b.io/x"))
        .containsExactly(false, false);
    String hub =
        "mirrors: {docker.io: {endpoint: [m]}}\nconfigs: {registry-1.docker.io: " + tls + "}";
    assertThat(insecure(hub, "x")).containsExactly(false, true);
    assertThat(insecure("configs: {m: " + tls + "}\nmirrors: {a.io: {endpoint: [m]}}", "a.io/x"))
        .containsExactly(true, false);
  }

  @Test
  void httpWithCertificatesIsTriedOverHttpsFirst() {
    String file = "mirrors: {a.io: {endpoint: [\"http://m\"]}}\nconfigs: {m: {tls: {}}}";
    assertThat(hops(file, "a.io/x")).containsExactly("https://m x", "http://m x", "a.io x");
  }

  // Rewrites

  @ParameterizedTest
  @CsvSource({
    "(.*), docker/$1, docker/library/busybox",
    "(^.+$), docker/$1, docker/library/busybox",
    "'', x/, x/lx/ix/bx/rx/ax/rx/yx/x/bx/ux/sx/yx/bx/ox/xx",
    "/, -, library-busybox",
    "^library/(.*), p/$1x, p",
    "^library/(.*), p/${1}x, p/busyboxx",
    "^library/(.*), p$2/q, p/q",
    "^library/(.*), p/$$, ''",
    "(?i)^LIBRARY/, '', busybox",
    "^(?:library|)(.*), docker/$1, docker/busybox",
    "^library/busybox$, library/busybox, library/busybox",
    "^other/, p/, library/busybox",
    "(?=l), p/, library/busybox",
    "library, LIBRARY, ''",
    "^.*$, ../../etc, etc",
  })
  void rewritesAreGos(String pattern, String replacement, String path) {
    String file =
        "mirrors: {docker.io: {endpoint: [m], rewrite: {'%s': '%s'}}}"
            .formatted(pattern, replacement);
    Route hop = routes(file, false).hops(Reference.parseRepository("busybox")).getFirst();
    // What is no repository's name any more is not asked for.
    assertThat(hop.refusal().isPresent()).isEqualTo(path.isEmpty());
    assertThat(hop.path()).isEqualTo(path.isEmpty() ? "library/busybox" : path);
  }

  @Test
  void oneRewriteIsTheOnlyOne() {
    String file =
        "mirrors:\n"
            + "  a.io:\n"
            + "    endpoint: [m]\n"
            + "    rewrite:\n"
            + "      ^a: b\n"
            + "      ^b: c\n"
            + "      x$: y\n";
    assertThat(hops(file, "a.io/a")).containsExactly("https://m b", "a.io a");
    Routes routes = routes(file, false);
    assertThat(routes.findings(List.of(Reference.parseRepository("a.io/a")))).isEmpty();
    assertThat(routes.findings(List.of(Reference.parseRepository("a.io/ax"))))
        .extracting(Finding::toString)
        .containsExactly(
            "f:7: two rewrites fit a.io/ax, and K3s takes one of them by chance: ay or bx");
  }

  // The command line

  @Test
  void aMirrorOfTheCommandLineComesFirstAndIsNotRewritten() {
    RegistriesFile file =
        RegistriesFile.parse("f", "mirrors: {docker.io: {endpoint: [m], rewrite: {^: p/}}}");
    List<MirrorRule> rules =
        rules("docker.io=https://one", "docker.io=https://two", "*=https://any", "quay.io=q:5000");
    Routes routes = Routes.of(rules, Optional.of(file), false);
    assertThat(hops(routes, "x"))
        .containsExactly(
            "https://one library/x", "https://two library/x", "https://m p/library/x", ORIGIN);
    assertThat(hops(routes, "quay.io/x")).containsExactly("https://q:5000 x", "quay.io x");
    assertThat(hops(routes, "ghcr.io/x")).containsExactly("https://any x", "ghcr.io x");
    assertThat(hops(Routes.of(rules, Optional.empty(), true), "ghcr.io/x"))
        .containsExactly("https://any x");
  }

  @ParameterizedTest
  @CsvSource({
    "https://m.daocloud.io/docker.io, https://m.daocloud.io/v2/docker.io, docker.io/",
    "https://m/v2/docker.io/, https://m/v2/docker.io, docker.io/",
    "https://m/a/b, https://m/v2/a/b, a/b/",
    "https://m/v2, https://m, ''",
    "http://m, http://m, ''",
  })
  void aPathIsWhatStandsBeforeTheName(String address, String endpoint, String prefix) {
    Endpoint parsed = MirrorRule.parse("docker.io=" + address).endpoint();
    assertThat(parsed).hasToString(endpoint);
    assertThat(parsed.namePrefix()).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "docker.io",
        "=https://m",
        "docker.io=",
        "a b=m",
        "docker.io=ftp://m",
        "docker.io=https://u:secret@m"
      })
  void whatIsNoMirrorIsRefused(String text) {
    assertThatThrownBy(() -> MirrorRule.parse(text))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageNotContaining("secret");
  }

  private static Routes routes(String file, boolean disableDefault) {
    return Routes.of(List.of(), Optional.of(RegistriesFile.parse("f", file)), disableDefault);
  }

  private static List<MirrorRule> rules(String... texts) {
    return Arrays.stream(texts).map(MirrorRule::parse).toList();
  }

  private static List<String> hops(String file, String repository) {
    return hops(routes(file, false), repository);
  }

  private static List<String> hopsWithoutDefault(String file, String repository) {
    return hops(routes(file, true), repository);
  }

  private static List<String> hops(Routes routes, String repository) {
    return routes.hops(Reference.parseRepository(repository)).stream()
        .map(hop -> hop.endpoint() + " " + hop.path())
        .toList();
  }

  private static List<String> findings(String file) {
    return routes(file, false).findings().stream().map(Finding::toString).toList();
  }

  private static List<String> users(String file, String repository) {
    return routes(file, false).hops(Reference.parseRepository(repository)).stream()
        .map(hop -> hop.endpoint().credential().map(Credential::username).orElse(""))
        .toList();
  }

  private static List<Boolean> insecure(String file, String repository) {
    return routes(file, false).hops(Reference.parseRepository(repository)).stream()
        .map(hop -> hop.endpoint().tls().filter(TlsOptions::insecureSkipVerify).isPresent())
        .toList();
  }
}
