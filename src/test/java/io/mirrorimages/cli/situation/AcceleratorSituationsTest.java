package io.mirrorimages.cli.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/**
 * The public mirrors registry.lank8s.cn (of registry.k8s.io) and gcr.lank8s.cn (of gcr.io), as
 * their guide sets them up for each system. They are two registries: nodes writes one at a time.
 */
class AcceleratorSituationsTest extends Situations {
  private static final String STATIC = "gcr.io/distroless/static:nonroot";
  private static final String PAUSE = "registry.k8s.io/pause:3.9";
  private static final String STATIC_THERE =
      "https://gcr.lank8s.cn/v2/distroless/static/manifests/nonroot";
  private static final String PAUSE_THERE = "https://registry.lank8s.cn/v2/pause/manifests/3.9";
  private static final String STATIC_ITSELF =
      "https://gcr.io/v2/distroless/static/manifests/nonroot";
  private static final String PAUSE_ITSELF = "https://registry.k8s.io/v2/pause/manifests/3.9";
  private static final Map<String, List<String>> BOTH =
      Map.of(
          STATIC, List.of(STATIC_THERE, STATIC_ITSELF), PAUSE, List.of(PAUSE_THERE, PAUSE_ITSELF));

  /** What the files of nodes for both mirrors ask. */
  private Map<String, List<String>> nodes(String kind, String option, String path)
      throws Exception {
    Map<String, List<String>> asked = new LinkedHashMap<>();
    Map<String, String> mirrors = Map.of("gcr.lank8s.cn", STATIC, "registry.lank8s.cn", PAUSE);
    for (Map.Entry<String, String> one : mirrors.entrySet()) {
      Path list = folder.list(one.getValue());
      Path tree = folder.nodes(kind, "-r", one.getKey(), "--fallback", "--list", list);
      asked.putAll(folder.check(option, tree.resolve(path), "--list", list).attempts());
    }
    return asked;
  }

  @Test
  void k3sWithAMirrorOfARegistryThatIsNotThere() throws Exception {
    String written =
        """
        mirrors:
          "registry.k8s.io":
            endpoint:
              - "https://registry.lank8s.cn"
          "%s":
            endpoint:
              - "https://gcr.lank8s.cn"
        """;
    Path list = folder.list(PAUSE, STATIC);

    Resolved theirs =
        folder.check(
            "--registries",
            folder.file("registries.yaml", written.formatted("gcr.k8s.io")),
            "--list",
            list);
    assertThat(theirs.findings()).containsExactly("not-covered", "5 unused-mirror");
    assertThat(theirs.text())
        .contains("1 image of gcr.io has no mirror", "no image of the list is of \"gcr.k8s.io\"");
    assertThat(theirs.attempts(STATIC)).containsExactly(STATIC_ITSELF);

    Resolved mended =
        folder.check(
            "--registries",
            folder.file("mended.yaml", written.formatted("gcr.io")),
            "--list",
            list);
    assertThat(mended.findings()).isEmpty();
    assertThat(mended.attempts()).isEqualTo(BOTH);
    assertThat(nodes("k3s", "--registries", "etc/rancher/k3s/registries.yaml")).isEqualTo(BOTH);
  }

  /** The text of containerdConfigPatches is that of containerd's config.toml. */
  @Test
  void kindWithMirrorsInItsPatches() throws Exception {
    String kind =
        """
        kind: Cluster
        apiVersion: kind.x-k8s.io/v1alpha4
        containerdConfigPatches:
        - |-
          [plugins."io.containerd.grpc.v1.cri".registry.mirrors."gcr.io"]
            endpoint = ["https://gcr.lank8s.cn"]
          [plugins."io.containerd.grpc.v1.cri".registry.mirrors."registry.k8s.io"]
            endpoint = ["https://registry.lank8s.cn"]
        """;

    Resolved theirs =
        folder.check("--containerd-config", folder.file("config.toml", patch(kind)), STATIC, PAUSE);

    assertThat(theirs.attempts()).isEqualTo(BOTH);
    assertThat(theirs.findings()).containsExactly("1 old-mirrors");
    assertThat(theirs.text()).contains("keep the CRI plugin of containerd 2.2 from loading");
    assertThat(nodes("kind", "--certs-d", "certs.d")).isEqualTo(BOTH);
    // Our patch names the folder where our mount puts the files.
    Path ours = folder.nodes("kind", "-r", "gcr.lank8s.cn", "--list", folder.list(STATIC));
    String written = Files.readString(ours.resolve("kind.yaml"));
    assertThat(patch(written)).contains("config_path = \"/etc/containerd/certs.d\"");
    assertThat(written)
        .contains("hostPath: \"./certs.d\"", "containerPath: \"/etc/containerd/certs.d\"");
  }

  @Test
  void kindWithAnEmptyConfigPath() throws Exception {
    String kind =
        """
        apiVersion: kind.x-k8s.io/v1alpha4
        containerdConfigPatches:
        - |-
          [plugins."io.containerd.grpc.v1.cri".registry]
            config_path = ""
        """;
    Resolved theirs =
        folder.check("--containerd-config", folder.file("config.toml", patch(kind)), PAUSE);
    assertThat(theirs.findings()).containsExactly("not-covered", "2 no-effect");
    assertThat(theirs.text()).contains("config_path is empty, and no hosts.toml is read");
    assertThat(theirs.attempts(PAUSE)).containsExactly(PAUSE_ITSELF);
  }

  private static String patch(String kind) {
    Map<?, ?> cluster = new Yaml().load(kind);
    return ((List<?>) cluster.get("containerdConfigPatches")).getFirst() + "\n";
  }

  @Test
  void containerdWithTwoMirrorsInHostsToml() throws Exception {
    folder.file(
        "certs.d/registry.k8s.io/hosts.toml",
        """
        server = "https://registry.k8s.io"

        [host."https://registry.lank8s.cn"]
          capabilities = ["pull", "resolve"]
        [host."https://registry99.lank8s.cn"]
          capabilities = ["pull", "resolve"]
        """);
    Resolved theirs = folder.check("--certs-d", temporary.resolve("certs.d"), PAUSE);
    assertThat(theirs.findings()).isEmpty();
    assertThat(theirs.attempts(PAUSE))
        .containsExactly(
            PAUSE_THERE, PAUSE_THERE.replace("registry.", "registry99."), PAUSE_ITSELF);

    for (String kind : List.of("containerd", "nerdctl")) {
      assertThat(nodes(kind, "--certs-d", "etc/containerd/certs.d")).isEqualTo(BOTH);
    }
    assertThat(nodes("minikube", "--certs-d", ".minikube/files/etc/containerd/certs.d"))
        .isEqualTo(BOTH);
  }

  @Test
  void criO() throws Exception {
    Resolved theirs =
        folder.check(
            "--registries-conf",
            folder.file(
                "registries.conf",
                """
                [[registry]]
                location = "gcr.io"

                [[registry.mirror]]
                location = "gcr.lank8s.cn"


                [[registry]]
                location = "registry.k8s.io"

                [[registry.mirror]]
                location = "registry.lank8s.cn"
                """),
            STATIC,
            PAUSE);
    assertThat(theirs.attempts()).isEqualTo(BOTH);
    assertThat(theirs.findings()).containsExactly("1 falls-back", "8 falls-back");
    assertThat(theirs.text()).contains("add blocked = true to stop that");
    for (String kind : List.of("crio", "podman")) {
      String path = "etc/containers/registries.conf.d/50-mirror-images.conf";
      assertThat(nodes(kind, "--registries-conf", path)).isEqualTo(BOTH);
    }
  }

  /** The options of talosctl are mirrors without path and with fallback. */
  @Test
  void talos() throws Exception {
    String written =
        """
        machine:
          registries:
            mirrors:
              registry.k8s.io: {endpoints: ["http://172.17.0.1:5001"]}
              gcr.io: {endpoints: ["http://172.17.0.1:5003"]}
        """;
    Path hosts = Files.createDirectories(temporary.resolve("theirs"));
    Resolved theirs = folder.check("--certs-d", TalosHosts.write(hosts, written), STATIC, PAUSE);
    assertThat(theirs.attempts(PAUSE))
        .containsExactly("http://172.17.0.1:5001/v2/pause/manifests/3.9", PAUSE_ITSELF);

    for (String file : List.of("talos-registries.yaml", "talos-registries-before-1.12.yaml")) {
      Map<String, List<String>> ours = new LinkedHashMap<>();
      for (String one : List.of(STATIC + " 5003", PAUSE + " 5001")) {
        Path list = folder.list(one.substring(0, one.indexOf(' ')));
        String registry = "172.17.0.1:" + one.substring(one.indexOf(' ') + 1);
        Path tree =
            folder.nodes("talos", "-r", registry, "--plain-http", "--fallback", "--list", list);
        Path certs = Files.createDirectories(tree.resolve("certs"));
        TalosHosts.write(certs, Files.readString(tree.resolve(file)));
        ours.putAll(folder.check("--certs-d", certs, "--list", list).attempts());
      }
      assertThat(ours).as(file).isEqualTo(theirs.attempts());
    }
  }

  /** The guide renames k0s' images of registry.k8s.io one by one; mirrors serve all names. */
  @Test
  void k0s() throws Exception {
    Map<String, String> components =
        Map.of(
            "metricsserver", "registry.k8s.io/metrics-server/metrics-server",
            "kubeproxy", "registry.k8s.io/kube-proxy",
            "pause", "registry.k8s.io/pause");
    Map<String, String> theirs =
        ClusterImages.k0s(
            """
            spec:
              images:
                metricsserver: {image: registry.lank8s.cn/metrics-server/metrics-server}
                kubeproxy: {image: registry.lank8s.cn/kube-proxy}
                pause: {image: registry.lank8s.cn/pause}
            """,
            components);
    List<String> images = new ArrayList<>();
    components.values().forEach(name -> images.add(name + ":1"));
    Path list = folder.list(images.toArray(String[]::new));
    Path tree = folder.nodes("k0s", "-r", "registry.lank8s.cn", "--fallback", "--list", list);
    Path certs = tree.resolve("etc/k0s/containerd.d/certs.d");

    Resolved ours = folder.check("--certs-d", certs, "--list", list);
    components.forEach(
        (component, name) ->
            assertThat(ours.urls(name + ":1"))
                .first()
                .isEqualTo(
                    folder
                        .check("--certs-d", certs, theirs.get(component) + ":1")
                        .urls(theirs.get(component) + ":1")
                        .getFirst()));
    // A repository for all would rename those of quay.io too, which are not there.
    assertThat(tree.resolve("k0s-images.yaml")).doesNotExist();

    Path all = folder.list(PAUSE, "quay.io/k0sproject/coredns:1");
    Path whole = folder.nodes("k0s", "-r", "registry.lank8s.cn", "--list", all);
    assertThat(
            ClusterImages.k0s(
                Files.readString(whole.resolve("k0s-images.yaml")),
                Map.of("pause", "registry.k8s.io/pause", "dns", "quay.io/k0sproject/coredns")))
        .isEqualTo(
            Map.of(
                "pause", "registry.lank8s.cn/pause",
                "dns", "registry.lank8s.cn/k0sproject/coredns"));
  }

  /**
   * With a repository alone kubeadm asks for CoreDNS where the mirror has it not: kubeadm 1.37.2
   * lists for both files what is expected here.
   */
  @Test
  void kubeadm() throws Exception {
    String repository = "imageRepository: registry.lank8s.cn\n";
    Map<String, String> theirs = ClusterImages.kubeadm(repository);
    assertThat(theirs).containsEntry("coredns", "registry.lank8s.cn/coredns");

    Map<String, String> mended =
        ClusterImages.kubeadm(repository + "dns: {imageRepository: registry.lank8s.cn/coredns}\n");
    assertThat(mended)
        .containsEntry("coredns", "registry.lank8s.cn/coredns/coredns")
        .containsEntry("kube-proxy", "registry.lank8s.cn/kube-proxy");
    Path ours =
        folder.nodes(
            "kubeadm",
            "-r",
            "registry.lank8s.cn",
            "--list",
            folder.list(PAUSE, "registry.k8s.io/coredns/coredns:v1"));
    assertThat(ClusterImages.kubeadm(Files.readString(ours.resolve("kubeadm.yaml"))))
        .isEqualTo(mended);
  }

  @Test
  void distribution() throws Exception {
    String environment = "REGISTRY_PROXY_REMOTEURL=https://registry.lank8s.cn";
    Path ours =
        folder.nodes("distribution", "-r", "registry.lank8s.cn", "--list", folder.list(PAUSE));
    Map<?, ?> config =
        new Yaml().load(Files.readString(ours.resolve("etc/docker/registry/config.yml")));
    // A variable is the path of the setting: REGISTRY_PROXY_REMOTEURL is proxy.remoteurl.
    assertThat("REGISTRY_PROXY_REMOTEURL=" + ((Map<?, ?>) config.get("proxy")).get("remoteurl"))
        .isEqualTo(environment);
  }

  /**
   * The guide polls the whole mirror without verification; ours fetches what is asked for. Without
   * preserveDigest zot 2 (August 2026) serves Docker's manifests under other digests.
   */
  @Test
  void zot() throws Exception {
    String written =
        """
        {"extensions": {"sync": {"registries": [{"urls": ["https://registry.lank8s.cn"],
          "onDemand": false, "tlsVerify": false, "PollInterval": "30s",
          "content": [{"prefix": "/**"}]}]}}}
        """;
    Path ours = folder.nodes("zot", "-r", "registry.lank8s.cn", "--list", folder.list(PAUSE));
    JsonNode theirs = sync(written);
    JsonNode own = sync(Files.readString(ours.resolve("etc/zot/config.json")));
    assertThat(own.path("urls")).isEqualTo(theirs.path("urls"));
    assertThat(own.path("content").path(0).path("prefix").stringValue()).isEqualTo("**");
    assertThat(own.path("onDemand").booleanValue()).isTrue();
    assertThat(own.path("tlsVerify").booleanValue()).isTrue();
    assertThat(own.path("preserveDigest").booleanValue()).isTrue();
    assertThat(own.has("pollInterval")).isFalse();
  }

  private static JsonNode sync(String config) {
    return Json.parse(config.getBytes(StandardCharsets.UTF_8), "the configuration of zot")
        .path("extensions")
        .path("sync")
        .path("registries")
        .path(0);
  }

  /** The guide lets Docker ask the registry's own name by http, which a proxy then answers. */
  @Test
  void docker() throws Exception {
    Resolved theirs =
        folder.check(
            "--daemon-json",
            folder.file("daemon.json", "{\n  \"insecure-registries\": [\"registry.k8s.io\"]\n}\n"),
            PAUSE,
            "registry.lank8s.cn/pause:3.9");
    assertThat(theirs.attempts(PAUSE))
        .containsExactly(
            PAUSE_ITSELF + " unverified", PAUSE_ITSELF.replace("https:", "http:") + " unverified");
    assertThat(theirs.findings()).contains("not-covered");
    // A full name needs no configuration; the original one needs the files of Docker 28.
    assertThat(theirs.attempts("registry.lank8s.cn/pause:3.9")).containsExactly(PAUSE_THERE);
    assertThat(nodes("docker", "--certs-d", "etc/docker/certs.d")).isEqualTo(BOTH);
  }

  @Test
  void dockerWithMirrorsOfDockerHub() throws Exception {
    Path written =
        folder.file(
            "daemon.json",
            """
            {
              "registry-mirrors": ["https://ccr.ccs.tencentyun.com", "https://a.mirror.aliyuncs.com"],
              "insecure-registries": ["harbor.cloud.com"]
            }
            """);
    String image = "docker.io/library/nginx:1";
    Resolved theirs = folder.check("--daemon-json", written, image, "harbor.cloud.com/a/b:1");
    assertThat(theirs.urls(image))
        .containsExactlyElementsOf(
            Stream.of("ccr.ccs.tencentyun.com", "a.mirror.aliyuncs.com", "registry-1.docker.io")
                .map(host -> "https://" + host + "/v2/library/nginx/manifests/1")
                .toList());
    assertThat(theirs.urls("harbor.cloud.com/a/b:1"))
        .containsExactly(
            "https://harbor.cloud.com/v2/a/b/manifests/1",
            "http://harbor.cloud.com/v2/a/b/manifests/1");
    Path list = folder.list(image);
    Path tree =
        folder.nodes("docker", "-r", "ccr.ccs.tencentyun.com", "--fallback", "--list", list);
    assertThat(
            folder
                .check("--daemon-json", tree.resolve("etc/docker/daemon.json"), "--list", list)
                .urls(image))
        .containsExactly(theirs.urls(image).getFirst(), theirs.urls(image).getLast());
  }
}
