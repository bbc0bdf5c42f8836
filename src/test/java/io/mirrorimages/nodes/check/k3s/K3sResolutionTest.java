package io.mirrorimages.nodes.check.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the two readers of a registries.yaml ask; what is expected is what their code does. */
class K3sResolutionTest {
  private static final String HUB = "https://registry-1.docker.io/v2/";
  private static final String HUB_AT_BOOTSTRAP = "https://index.docker.io/v2/";
  private static final String SHA = "sha256:" + "a".repeat(64);

  private static Stream<Arguments> lookups() {
    return Stream.of(
        both("", "quay.io/a/b", "https://quay.io/v2/a/b"),
        // Flattened, and nested wrongly: nothing of it is used.
        both(
            "h.lan:\nendpoint:\n- https://h.lan\nauth: {username: u}\ntls:\n",
            "quay.io/a/b",
            "https://quay.io/v2/a/b"),
        both(
            "mirrors: {quay.io: null, \"*\": {endpoint: [https://m]}}",
            "ghcr.io/a/b",
            "https://m/v2/a/b",
            "https://ghcr.io/v2/a/b"),
        // A null mirror shadows "*" for the bootstrap only.
        kubelet(
            "mirrors: {quay.io: null, \"*\": {endpoint: [https://m]}}",
            "quay.io/a/b",
            "https://m/v2/a/b",
            "https://quay.io/v2/a/b"),
        bootstrap(
            "mirrors: {quay.io: null, \"*\": {endpoint: [https://m]}}",
            "quay.io/a/b",
            "https://quay.io/v2/a/b"),
        both(
            "mirrors: {quay.io: {endpoint: [https://q]}, \"*\": {endpoint: [https://m]}}",
            "quay.io/a/b",
            "https://q/v2/a/b",
            "https://quay.io/v2/a/b"),
        // Zero valid endpoints.
        kubelet(
            "mirrors: {quay.io: {endpoint: [\"https://\"]}, \"*\": {endpoint: [https://m]}}",
            "quay.io/a/b",
            "https://m/v2/a/b",
            "https://quay.io/v2/a/b"),
        bootstrap(
            "mirrors: {quay.io: {endpoint: [\"https://\"]}, \"*\": {endpoint: [https://m]}}",
            "quay.io/a/b",
            "https://quay.io/v2/a/b"),
        // The rewrites of a mirror that is found by its port are not (wharfie 0.7.1); those of
        // "*" are used in their place.
        bootstrap(
            "mirrors: {\"quay.io:443\": {endpoint: [https://m], rewrite: {^: p/}}}",
            "quay.io/a/b",
            "https://m/v2/a/b",
            "https://quay.io/v2/a/b"),
        bootstrap(
            "mirrors: {\"quay.io:80\": {endpoint: [https://m], rewrite: {^: p/}},"
                + " \"*\": {endpoint: [https://o], rewrite: {^: q/}}}",
            "quay.io/a/b",
            "https://m/v2/q/a/b",
            "https://quay.io/v2/a/b"),
        // host:443 is another name than host for containerd.
        kubelet(
            "mirrors: {\"quay.io:443\": {endpoint: [https://m]}}",
            "quay.io/a/b",
            "https://quay.io/v2/a/b"),
        bootstrap(
            "mirrors: {\"quay.io:443\": {endpoint: [https://m]}}",
            "quay.io/a/b",
            "https://m/v2/a/b",
            "https://quay.io/v2/a/b"),
        both(
            "mirrors: {quay.io: {endpoint: [https://m]}}",
            "quay.io:443/a/b",
            "https://quay.io:443/v2/a/b"),
        // An entry in configs shadows "*" for containerd.
        kubelet(
            "mirrors: {\"*\": {endpoint: [https://m]}}\n"
                + "configs: {quay.io: {auth: {username: u}}}",
            "quay.io/a/b",
            "https://quay.io/v2/a/b"),
        bootstrap(
            "mirrors: {\"*\": {endpoint: [https://m]}}\n"
                + "configs: {quay.io: {auth: {username: u}}}",
            "quay.io/a/b",
            "https://m/v2/a/b",
            "https://quay.io/v2/a/b"),
        // With tls, containerd tries https before http.
        kubelet(
            "mirrors: {quay.io: {endpoint: [\"http://m:80\"]}}\n"
                + "configs: {\"m:80\": {tls: {insecure_skip_verify: yes}}}",
            "quay.io/a/b",
            "https://m:80/v2/a/b",
            "http://m:80/v2/a/b",
            "https://quay.io/v2/a/b"),
        both(
            "mirrors: {\"localhost:5000\": {endpoint: [https://m]}}",
            "localhost:5000/a",
            "https://m/v2/a",
            "http://localhost:5000/v2/a"),
        // Docker Hub: two names of the server.
        kubelet("", "busybox", HUB + "library/busybox"),
        bootstrap("", "busybox", HUB_AT_BOOTSTRAP + "library/busybox"),
        bootstrap(
            "mirrors: {docker.io: {endpoint: [https://d]}, index.docker.io: {endpoint:"
                + " [https://i]}}",
            "busybox",
            "https://i/v2/library/busybox",
            HUB_AT_BOOTSTRAP + "library/busybox"));
  }

  @ParameterizedTest
  @MethodSource("lookups")
  void aMirrorIsFoundByTheKeysOfEachReader(
      String reader, String file, String image, List<String> expected) {
    assertThat(urls(reader, file, image, false)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "h.lan, https://h.lan/v2/a/b",
    "https://h.lan, https://h.lan/v2/a/b",
    "https://h.lan/, https://h.lan/v2/a/b",
    "https://h.lan/v2, https://h.lan/v2/a/b",
    "https://h.lan/v2/, https://h.lan/v2/a/b",
    "https://h.lan/v2/proj, https://h.lan/v2/proj/a/b",
    "https://h.lan/proj, https://h.lan/proj/a/b",
    "http://h.lan:8080, http://h.lan:8080/v2/a/b",
    "localhost:5000, http://localhost:5000/v2/a/b",
    "127.0.0.1:443, https://127.0.0.1:443/v2/a/b",
    "https://u:p@h.lan, https://h.lan/v2/a/b",
    "'https://[fd00::1]:5000', 'https://[fd00::1]:5000/v2/a/b'"
  })
  void anEndpointIsNormalised(String endpoint, String expected) {
    String file = "mirrors: {quay.io: {endpoint: [\"" + endpoint + "\"]}}";
    for (String reader : List.of("kubelet", "bootstrap")) {
      assertThat(urls(reader, file, "quay.io/a/b", false).getFirst()).isEqualTo(expected);
    }
  }

  @Test
  void threeSpellingsOfOneEndpointAreAskedOnce() {
    String file = "mirrors: {quay.io: {endpoint: [h.lan, \"https://h.lan/\", https://h.lan/v2]}}";
    assertThat(urls("kubelet", file, "quay.io/a/b", false))
        .containsExactly("https://h.lan/v2/a/b", "https://quay.io/v2/a/b");
    assertThat(urls("bootstrap", file, "quay.io/a/b", false)).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "busybox:latest",
        "library/busybox:latest",
        "docker.io/busybox",
        "index.docker.io/library/busybox"
      })
  void everySpellingOfAHubImageIsTheSame(String image) {
    assertThat(urls("kubelet", "mirrors: {docker.io: {endpoint: [https://m]}}", image, false))
        .first()
        .isEqualTo("https://m/v2/library/busybox");
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io/x/y:1, https://m/v2/x/y/manifests/1",
    "docker.io/x/y@DIGEST, https://m/v2/x/y/manifests/DIGEST",
    "docker.io/x/y:1@DIGEST, https://m/v2/x/y/manifests/DIGEST"
  })
  void aDigestGoesBeforeATag(String image, String expected) {
    Reference name = Reference.parse(image.replace("DIGEST", SHA));
    NodeAttempt first =
        attempts("kubelet", "mirrors: {docker.io: {endpoint: [https://m]}}", name, false)
            .getFirst();
    assertThat(first.url(name)).isEqualTo(expected.replace("DIGEST", SHA));
  }

  private static Stream<Arguments> rewrites() {
    return Stream.of(
        rewrite("(.*)", "docker/$1", "library/busybox", "docker/library/busybox"),
        rewrite("(^.+$)", "p/$1", "library/busybox", "p/library/busybox"),
        rewrite("", "x/", "a/b", "x/ax//x/bx"),
        rewrite("/", "-", "a/b/c", "a-b-c"),
        rewrite("a*", "x", "baac", "xbxcx"),
        rewrite("^rancher/(.*)", "p/$1x", "rancher/a", "p"),
        rewrite("^rancher/(.*)", "p/${1}x", "rancher/a", "p/ax"),
        rewrite("^rancher/(.*)", "p/$1-x", "rancher/a", "p/a-x"),
        rewrite("^rancher/(.*)", "p/$2", "rancher/a", "p"),
        rewrite("^rancher/(.*)", "p/$10", "rancher/a", "p"),
        rewrite("(?i)RANCHER", "x", "rancher/a", "x/a"),
        // Not RE2: skipped.
        rewrite("(?=rancher)", "x", "rancher/a", "rancher/a"),
        rewrite("(rancher", "x", "rancher/a", "rancher/a"),
        // containerd joins with a slash too many, which it cleans.
        rewrite("^(?:library|)(.*)", "m/$1", "library/nginx", "m/nginx"),
        // Equal to the input.
        rewrite("rancher", "rancher", "rancher/a", "rancher/a"));
  }

  @ParameterizedTest
  @MethodSource("rewrites")
  void aRewriteIsGos(String pattern, String replacement, String path, String expected) {
    String file =
        "mirrors: {quay.io: {endpoint: [https://m], rewrite: {'"
            + pattern
            + "': '"
            + replacement
            + "'}}}";
    List<NodeAttempt> attempts =
        attempts("kubelet", file, Reference.parse("quay.io/" + path), false);
    // What can't be a name is told as it comes out.
    assertThat(attempts.getFirst().path()).isEqualTo(expected.replace("//", "/"));
    // The registry itself is never asked with rewrites.
    assertThat(attempts.getLast().path()).isEqualTo(path);
  }

  @Test
  void aResultThatIsNoNameIsRefusedByOneReaderAndSkippedByTheOther() {
    String file = "mirrors: {quay.io: {endpoint: [https://m], rewrite: {rancher: $$}}}";
    Reference image = Reference.parse("quay.io/rancher/a");
    assertThat(attempts("kubelet", file, image, false).getFirst().refusal()).isPresent();
    NodeAttempt bootstrap = attempts("bootstrap", file, image, false).getFirst();
    assertThat(bootstrap.refusal()).isEmpty();
    assertThat(bootstrap.path()).isEqualTo("rancher/a");
  }

  @Test
  void aNullRewriteMapIsNone() {
    String file = "mirrors: {quay.io: {endpoint: [https://m], rewrite: null}}";
    assertThat(urls("kubelet", file, "quay.io/a/b", false)).first().isEqualTo("https://m/v2/a/b");
  }

  @Test
  void aBackslashLosesTheMirrorForContainerdOnly() {
    String file = "mirrors: {quay.io: {endpoint: [https://m], rewrite: {'^a\\.b': x}}}";
    assertThat(urls("kubelet", file, "quay.io/a/b", false))
        .containsExactly("https://quay.io/v2/a/b");
    assertThat(urls("bootstrap", file, "quay.io/a/b", false))
        .containsExactly("https://m/v2/a/b", "https://quay.io/v2/a/b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubelet", "bootstrap"})
  void theRegistryItselfAsLastEndpointLosesItsRewrites(String reader) {
    String file = "mirrors: {quay.io: {endpoint: [https://quay.io], rewrite: {^: p/}}}";
    assertThat(urls(reader, file, "quay.io/a/b", false)).contains("https://quay.io/v2/a/b");
    assertThat(urls(reader, file, "quay.io/a/b", false)).doesNotContain("https://quay.io/v2/p/a/b");
    String withPort = file.replace("https://quay.io", "https://quay.io:443");
    assertThat(urls(reader, withPort, "quay.io/a/b", false))
        .containsExactly("https://quay.io:443/v2/p/a/b", "https://quay.io/v2/a/b");
  }

  @Test
  void theDefaultEndpointCanBeDisabled() {
    String mirror = "mirrors: {quay.io: {endpoint: [https://m]}}\n";
    assertThat(urls("kubelet", mirror, "quay.io/a/b", true)).containsExactly("https://m/v2/a/b");
    // Not for the bootstrap, not for registries without mirror, ...
    assertThat(urls("bootstrap", mirror, "quay.io/a/b", true)).hasSize(2);
    assertThat(urls("kubelet", mirror, "ghcr.io/a/b", true))
        .containsExactly("https://ghcr.io/v2/a/b");
    // ... nor with an entry of the same name in configs.
    assertThat(urls("kubelet", mirror + "configs: {quay.io: {}}", "quay.io/a/b", true)).hasSize(2);
    assertThat(urls("kubelet", "mirrors: {\"*\": {endpoint: [https://m]}}", "quay.io/a/b", true))
        .containsExactly("https://m/v2/a/b");
    assertThat(urls("kubelet", "mirrors: {docker.io: null}", "busybox", true)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    // key, endpoint, kubelet, bootstrap
    "h.lan, https://h.lan, user u, user u",
    "h.lan, https://h.lan:443, anonymous, anonymous",
    "'h.lan:443', https://h.lan:443, user u, user u",
    "quay.io, https://h.lan, anonymous, anonymous",
    "'*', https://h.lan, anonymous, user u",
    "docker.io, https://registry-1.docker.io, anonymous, anonymous",
    "docker.io, https://index.docker.io, anonymous, user u",
    "registry-1.docker.io, https://docker.io, user u, anonymous"
  })
  void aLoginGoesByTheHostOfTheEndpoint(
      String key, String endpoint, String kubelet, String bootstrap) {
    String file =
        "mirrors: {quay.io: {endpoint: [\"%s\"]}}\nconfigs: {\"%s\": {auth: {username: u}}}"
            .formatted(endpoint, key);
    Reference image = Reference.parse("quay.io/a/b");
    assertThat(attempts("kubelet", file, image, false).getFirst().login()).hasToString(kubelet);
    assertThat(attempts("bootstrap", file, image, false).getFirst().login()).hasToString(bootstrap);
  }

  @ParameterizedTest
  @CsvSource({"registry-1.docker.io, user u, anonymous", "docker.io, anonymous, user u"})
  void dockerHubItselfHasTwoKeys(String key, String kubelet, String bootstrap) {
    String file = "configs: {" + key + ": {auth: {username: u}}}";
    Reference image = Reference.parse("busybox");
    assertThat(attempts("kubelet", file, image, false).getLast().login()).hasToString(kubelet);
    assertThat(attempts("bootstrap", file, image, false).getLast().login()).hasToString(bootstrap);
  }

  @Test
  void theServerOfDockerHubGoesBeforeItsNameForCertificates() {
    String file =
        "configs: {docker.io: {tls: {ca_file: /a}}, registry-1.docker.io: {tls: {ca_file: /b}}}\n"
            + "mirrors: {quay.io: {endpoint: [https://docker.io]}}";
    assertThat(attempts("kubelet", file, Reference.parse("quay.io/a/b"), false).getFirst().tls())
        .hasToString("CA /b");
  }

  @Test
  void theStarOfConfigsIsForTheDefaultEndpointOfOthersOnly() {
    String file =
        "configs: {\"*\": {tls: {insecure_skip_verify: true}}}\n"
            + "mirrors: {quay.io: {endpoint: [https://m]}}";
    assertThat(attempts("kubelet", file, Reference.parse("quay.io/a/b"), false).getFirst().tls())
        .hasToString("the system's CAs");
    assertThat(attempts("kubelet", file, Reference.parse("ghcr.io/a/b"), false).getFirst().tls())
        .hasToString("no verification");
    assertThat(attempts("bootstrap", file, Reference.parse("quay.io/a/b"), false).getFirst().tls())
        .hasToString("no verification");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{username: 'robot$pull', password: s}        | password       | robot$pull | s",
        "{auth: cm9ib3QkcHVsbDphOmI=}                 | password       | robot$pull | a:b",
        "{username: 0123, password: 0456}             | password       | 0123       | 0456",
        "{identity_token: t}                          | identity-token | ''         | t",
        "{username: u, identity_token: t, auth: eDp5} | password       | u          | ''"
      })
  void aLoginIsReadInContainerdsOrder(String auth, String kind, String user, String secret) {
    String file = "configs: {quay.io: {auth: " + auth + "}}";
    var login = attempts("kubelet", file, Reference.parse("quay.io/a"), false).getFirst().login();
    assertThat(login.kind()).isEqualTo(kind);
    assertThat(login.user()).isEqualTo(user);
    assertThat(login.credential().orElseThrow().secret()).isEqualTo(secret);
    assertThat(login).hasToString(user.isEmpty() ? "the identity token" : "user " + user);
  }

  private static Arguments kubelet(String file, String image, String... expected) {
    return Arguments.of("kubelet", file, image, List.of(expected));
  }

  private static Arguments bootstrap(String file, String image, String... expected) {
    return Arguments.of("bootstrap", file, image, List.of(expected));
  }

  private static Arguments both(String file, String image, String... expected) {
    return Arguments.of("both", file, image, List.of(expected));
  }

  private static Arguments rewrite(String pattern, String replacement, String in, String out) {
    return Arguments.of(pattern, replacement, in, out);
  }

  private static List<String> urls(
      String reader, String file, String image, boolean disableDefault) {
    Reference name = Reference.parse(image);
    if (reader.equals("both")) {
      List<String> urls = urls("kubelet", file, image, disableDefault);
      assertThat(urls("bootstrap", file, image, disableDefault)).isEqualTo(urls);
      return urls;
    }
    return attempts(reader, file, name, disableDefault).stream()
        .map(attempt -> attempt.base() + "/" + attempt.path())
        .toList();
  }

  private static List<NodeAttempt> attempts(
      String reader, String text, Reference image, boolean disableDefault) {
    K3sRegistries file = K3sFile.parse("r.yaml", text, new FindingLog()).orElseThrow();
    return (reader.equals("kubelet")
            ? new KubeletPulls(file, disableDefault)
            : new BootstrapPulls(file))
        .resolve(image)
        .attempts();
  }
}
