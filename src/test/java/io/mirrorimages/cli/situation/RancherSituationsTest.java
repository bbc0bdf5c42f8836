package io.mirrorimages.cli.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.Authority;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The registries.yaml of Rancher on a single node, of RKE2 and of K3s. */
class RancherSituationsTest extends Situations {
  private static final String FLEET = "docker.io/rancher/fleet:v0.9.5";
  private static final String ETCD = "docker.io/rancher/hardened-etcd:v3";

  @Test
  void rancherWithAPublicAuthority() throws Exception {
    Path list = folder.list(FLEET, "docker.io/rancher/mirrored-pause:3.6");
    Path written =
        folder.file(
            "registries.yaml",
            """
            mirrors:
              docker.io:
                endpoint:
                  - "https://harbor.example.com"
            configs:
              "harbor.example.com":
                auth:
                  username: admin
                  password: Harbor12345
            """);
    Path nodes =
        folder
            .nodes(
                "rancher",
                "-r",
                "harbor.example.com",
                "--username",
                "admin",
                "--fallback",
                "--list",
                list)
            .resolve("etc/rancher/k3s/registries.yaml");

    Resolved theirs = folder.check("--registries", written, "--list", list);

    assertThat(theirs.findings()).isEmpty();
    assertThat(theirs.attempts(FLEET))
        .containsExactly(
            "https://harbor.example.com/v2/rancher/fleet/manifests/v0.9.5 as admin",
            "https://registry-1.docker.io/v2/rancher/fleet/manifests/v0.9.5");
    assertThat(theirs.text()).contains("user admin, the system's CAs (", "/registries.yaml:4)");
    Resolved ours = folder.check("--registries", nodes, "--list", list);
    assertThat(ours.readers()).isEqualTo(theirs.readers());
    assertThat(ours.findings()).isEmpty();
    // Rancher renames its images too, where it knows the registry.
    for (Path file : new Path[] {written, nodes}) {
      Resolved renamed =
          folder.check(
              "--registries", file, "--system-default-registry", "harbor.example.com", FLEET);
      assertThat(renamed.attempts("harbor.example.com/rancher/fleet:v0.9.5"))
          .containsExactly("https://harbor.example.com/v2/rancher/fleet/manifests/v0.9.5 as admin");
    }
  }

  @Test
  void theSameFileWithoutItsIndentation() throws Exception {
    Path written =
        folder.file(
            "registries.yaml",
            """
            mirrors:
            docker.io:
            endpoint:
            - "https://harbor.example.com"
            configs:
            "harbor.example.com":
            auth:
            username: admin
            password: Harbor12345
            tls:
            ca_file: /etc/ssl/ca.pem
            """);

    Resolved theirs = folder.check("--registries", written, FLEET);

    assertThat(theirs.findings()).contains("1 flattened", "3 unknown-key", "not-covered");
    assertThat(theirs.text()).contains("uses no mirror, login or CA of it");
    assertThat(theirs.urls(FLEET))
        .containsExactly("https://registry-1.docker.io/v2/rancher/fleet/manifests/v0.9.5");
  }

  @Test
  void rancherWithItsOwnAuthority() throws Exception {
    Authority authority = new Authority(temporary);
    Authority.Issued server = authority.issue("harbor.example.com", true, 30);
    Path list = folder.list(FLEET);
    String mirror =
        """
        mirrors:
          docker.io:
            endpoint:
              - "https://harbor.example.com"
        configs:
          "harbor.example.com":
            tls:
        """;
    String own =
        "      cert_file: %s%n      key_file: %s%n".formatted(server.certificate(), server.key());
    String trust = "      ca_file: " + authority.certificate() + "\n";

    Resolved theirs =
        folder.check(
            "--registries", folder.file("registries.yaml", mirror + own + trust), "--list", list);
    assertThat(theirs.findings()).containsExactly("8 server-certificate");
    assertThat(theirs.text())
        .contains(
            "cert_file is the certificate of the server harbor.example.com, not of a client",
            "name its CA as CA file and remove cert_file and key_file");

    Resolved mended =
        folder.check("--registries", folder.file("mended.yaml", mirror + trust), "--list", list);
    assertThat(mended.findings()).isEmpty();
    assertThat(mended.attempts(FLEET))
        .first()
        .isEqualTo("https://harbor.example.com/v2/rancher/fleet/manifests/v0.9.5 CA ca.pem");
    Path nodes =
        folder.nodes(
            "rancher",
            "-r",
            "harbor.example.com",
            "--ca-file",
            authority.certificate(),
            "--fallback",
            "--list",
            list);
    Resolved ours =
        folder.check(
            "--registries", nodes.resolve("etc/rancher/k3s/registries.yaml"), "--list", list);
    assertThat(ours.readers()).isEqualTo(mended.readers());
    assertThat(ours.findings()).isEmpty();
  }

  @Test
  void rancherOverHttp() throws Exception {
    Path list = folder.list(FLEET);
    Path written =
        folder.file(
            "registries.yaml",
            """
            mirrors:
              docker.io:
                endpoint:
                  - "http://192.168.1.10:8080"
            """);
    Path nodes =
        folder
            .nodes(
                "rancher", "-r", "192.168.1.10:8080", "--plain-http", "--fallback", "--list", list)
            .resolve("etc/rancher/k3s/registries.yaml");

    Resolved theirs = folder.check("--registries", written, "--list", list);
    assertThat(theirs.findings()).isEmpty();
    assertThat(theirs.urls(FLEET))
        .first()
        .isEqualTo("http://192.168.1.10:8080/v2/rancher/fleet/manifests/v0.9.5");
    assertThat(folder.check("--registries", nodes, "--list", list).readers())
        .isEqualTo(theirs.readers());

    // Under the name that Rancher gives its images the file as people wrote it asks by https.
    Object[] renamed = {"--system-default-registry", "192.168.1.10:8080", FLEET};
    String name = "192.168.1.10:8080/rancher/fleet:v0.9.5";
    Resolved wrong = folder.check("--registries", written, renamed[0], renamed[1], renamed[2]);
    assertThat(wrong.findings()).contains("4 system-default-http");
    assertThat(wrong.urls(name)).allMatch(url -> url.startsWith("https:"));
    Resolved right = folder.check("--registries", nodes, renamed[0], renamed[1], renamed[2]);
    assertThat(right.findings()).noneMatch(finding -> finding.endsWith("system-default-http"));
    assertThat(right.urls(name)).first().asString().startsWith("http://192.168.1.10:8080/v2/");
  }

  @Test
  void rke2WithARewriteIntoAProject() throws Exception {
    Path list = folder.list(ETCD, "docker.io/rancher/rke2-runtime:v1.31.5-rke2r1");
    Path written =
        folder.file(
            "registries.yaml",
            """
            mirrors:
              docker.io:
                endpoint:
                  - "https://harbor.example.com"
                rewrite:
                  "^rancher/(.*)": "mirror/rancher/$1"
            """);
    Path nodes =
        folder
            .nodes("rke2", "-r", "harbor.example.com/mirror", "--fallback", "--list", list)
            .resolve("etc/rancher/rke2/registries.yaml");

    Resolved theirs = folder.check("--registries", written, "--list", list);
    assertThat(theirs.findings()).isEmpty();
    assertThat(theirs.urls(ETCD))
        .containsExactly(
            "https://harbor.example.com/v2/mirror/rancher/hardened-etcd/manifests/v3",
            "https://registry-1.docker.io/v2/rancher/hardened-etcd/manifests/v3");
    assertThat(theirs.text()).contains("registries.yaml:4, rewritten by line 6)");
    assertThat(folder.check("--registries", nodes, "--list", list).readers())
        .isEqualTo(theirs.readers());

    // What no rewrite fits goes to a project that Harbor need not have; ours fits all.
    String busybox = "docker.io/library/busybox:1";
    Resolved uncovered = folder.check("--registries", written, ETCD, busybox);
    assertThat(uncovered.findings()).containsExactly("2 not-covered");
    assertThat(uncovered.text()).contains("no rewrite fits library/busybox");
    assertThat(folder.check("--registries", nodes, ETCD, busybox).urls(busybox))
        .first()
        .isEqualTo("https://harbor.example.com/v2/mirror/library/busybox/manifests/1");
  }

  @Test
  void rke2WithAnEndpointInAProject() throws Exception {
    Path list = folder.list(ETCD);
    String written = "mirrors:\n  docker.io:\n    endpoint: [\"https://harbor.example.com%s\"]\n";

    Resolved theirs =
        folder.check(
            "--registries",
            folder.file("registries.yaml", written.formatted("/mirror")),
            "--list",
            list);
    assertThat(theirs.findings()).containsExactly("3 path-without-v2");
    assertThat(theirs.text()).contains("write https://harbor.example.com/v2/mirror");
    assertThat(theirs.urls(ETCD))
        .first()
        .isEqualTo("https://harbor.example.com/mirror/rancher/hardened-etcd/manifests/v3");

    Resolved mended =
        folder.check(
            "--registries",
            folder.file("mended.yaml", written.formatted("/v2/mirror")),
            "--list",
            list);
    assertThat(mended.findings()).isEmpty();
    Path nodes =
        folder.nodes("rke2", "-r", "harbor.example.com/mirror", "--fallback", "--list", list);
    assertThat(
            folder
                .check(
                    "--registries",
                    nodes.resolve("etc/rancher/rke2/registries.yaml"),
                    "--list",
                    list)
                .readers())
        .isEqualTo(mended.readers());
  }

  @Test
  void rke2WithProxyCacheProjects() throws Exception {
    String pause = "registry.k8s.io/pause:3.9";
    Path list = folder.list("docker.io/library/busybox:1", "quay.io/coreos/etcd:v3", pause);
    String written =
        """
        mirrors:
          docker.io:
            endpoint: ["https://harbor.example.com"]
            rewrite: {"^(.*)$": "docker-hub/$1"}
          quay.io:
            endpoint: ["https://harbor.example.com"]
            rewrite: {"^(.*)$": "quay/$1"}
          %s:
            endpoint: ["https://harbor.example.com"]
            rewrite: {"^(.*)$": "k8s/$1"}
        """;

    // No registry is called gcr.k8s.io.
    Resolved theirs =
        folder.check(
            "--registries",
            folder.file("registries.yaml", written.formatted("gcr.k8s.io")),
            "--list",
            list);
    assertThat(theirs.findings()).containsExactly("not-covered", "8 unused-mirror");
    assertThat(theirs.text()).contains("no image of the list is of \"gcr.k8s.io\"");
    assertThat(theirs.urls(pause))
        .containsExactly("https://registry.k8s.io/v2/pause/manifests/3.9");

    Resolved mended =
        folder.check(
            "--registries",
            folder.file("mended.yaml", written.formatted("registry.k8s.io")),
            "--list",
            list);
    assertThat(mended.findings()).isEmpty();
    assertThat(mended.urls("docker.io/library/busybox:1"))
        .first()
        .isEqualTo("https://harbor.example.com/v2/docker-hub/library/busybox/manifests/1");
    Path nodes =
        folder.nodes(
            "rke2",
            "-r",
            "harbor.example.com",
            "--mapping",
            "by-registry",
            "--map",
            "^docker[.]io/=docker-hub/",
            "--map",
            "^quay[.]io/=quay/",
            "--map",
            "^registry[.]k8s[.]io/=k8s/",
            "--fallback",
            "--list",
            list);
    assertThat(
            folder
                .check(
                    "--registries",
                    nodes.resolve("etc/rancher/rke2/registries.yaml"),
                    "--list",
                    list)
                .readers())
        .isEqualTo(mended.readers());
  }

  /** Projects that carry the registries' names, asked for by full names or by mirrors. */
  @Test
  void harborWithAProxyCacheForEachRegistry() throws Exception {
    String nginx = "docker.io/library/nginx:1";
    String csi = "quay.io/cephcsi/cephcsi:v3.6";
    String pause = "k8s.gcr.io/pause:3.6";
    Path list = folder.list(nginx, csi, pause);
    Path nodes =
        folder
            .nodes("rke2", "-r", "harbor.cloud.com", "--mapping", "by-registry", "--list", list)
            .resolve("etc/rancher/rke2/registries.yaml");

    for (String image : new String[] {nginx, csi, pause}) {
      String full = "harbor.cloud.com/" + image;
      Resolved ours =
          folder.check("--registries", nodes, "--disable-default-endpoint", image, full);
      assertThat(ours.attempts(image)).isEqualTo(ours.attempts(full)).hasSize(1);
    }
  }

  @Test
  void rke2WithASystemDefaultRegistryOverHttp() throws Exception {
    String host = "192.168.1.10:8080";
    String image = host + "/rancher/hardened-etcd:v3";
    Path list = folder.list(ETCD);

    Resolved theirs =
        folder.check(
            "--registries",
            folder.file(
                "registries.yaml",
                "mirrors:\n  docker.io:\n    endpoint: [\"http://%s\"]\n".formatted(host)),
            "--system-default-registry",
            host,
            "--list",
            list);
    assertThat(theirs.findings()).containsExactly("2 unused-mirror", "3 system-default-http");
    assertThat(theirs.urls(image))
        .containsExactly("https://" + host + "/v2/rancher/hardened-etcd/manifests/v3");

    Resolved mended =
        folder.check(
            "--registries",
            folder.file(
                "mended.yaml",
                "mirrors:\n  \"%1$s\":\n    endpoint: [\"http://%1$s\"]\n".formatted(host)),
            "--system-default-registry",
            host,
            "--list",
            list);
    assertThat(mended.findings()).isEmpty();
    Path nodes = folder.nodes("rke2", "-r", host, "--plain-http", "--fallback", "--list", list);
    Resolved ours =
        folder.check(
            "--registries",
            nodes.resolve("etc/rancher/rke2/registries.yaml"),
            "--system-default-registry",
            host,
            "--list",
            list);
    assertThat(ours.readers()).isEqualTo(mended.readers());
    assertThat(ours.urls(image))
        .first()
        .isEqualTo("http://" + host + "/v2/rancher/hardened-etcd/manifests/v3");
  }

  @Test
  void rke2WithASystemDefaultRegistryOverSelfSignedHttps() throws Exception {
    String host = "harbor.example.com";
    Path list = folder.list(ETCD);
    Resolved theirs =
        folder.check(
            "--registries",
            folder.file(
                "registries.yaml",
                "configs:\n  %s:\n    tls: {insecure_skip_verify: true}\n".formatted(host)),
            "--system-default-registry",
            host,
            "--list",
            list);
    assertThat(theirs.attempts(host + "/rancher/hardened-etcd:v3"))
        .containsExactly("https://" + host + "/v2/rancher/hardened-etcd/manifests/v3 unverified");
    Path nodes =
        folder.nodes("rke2", "-r", host, "--insecure-skip-verify", "--fallback", "--list", list);
    Resolved ours =
        folder.check(
            "--registries",
            nodes.resolve("etc/rancher/rke2/registries.yaml"),
            "--system-default-registry",
            host,
            "--list",
            list);
    assertThat(ours.readers()).isEqualTo(theirs.readers());
  }

  /** Each run of nodes writes one registry: two in a row are the endpoints of two files. */
  @Test
  void k3sWithACacheAndAnAccelerator() throws Exception {
    Path list = folder.list(FLEET);
    Resolved theirs =
        folder.check(
            "--registries",
            folder.file(
                "registries.yaml",
                """
                mirrors:
                  docker.io:
                    endpoint:
                      - "http://127.0.0.1:5000"
                      - "https://docker.accelerator.example.com"
                """),
            "--list",
            list);
    assertThat(theirs.findings()).isEmpty();
    assertThat(theirs.urls(FLEET))
        .containsExactly(
            "http://127.0.0.1:5000/v2/rancher/fleet/manifests/v0.9.5",
            "https://docker.accelerator.example.com/v2/rancher/fleet/manifests/v0.9.5",
            "https://registry-1.docker.io/v2/rancher/fleet/manifests/v0.9.5");
    for (int i = 0; i < 2; i++) {
      String registry = i == 0 ? "127.0.0.1:5000" : "docker.accelerator.example.com";
      Path nodes = folder.nodes("k3s", "-r", registry, "--fallback", "--list", list);
      assertThat(
              folder
                  .check(
                      "--registries",
                      nodes.resolve("etc/rancher/k3s/registries.yaml"),
                      "--list",
                      list)
                  .attempts(FLEET))
          .containsExactly(theirs.attempts(FLEET).get(i), theirs.attempts(FLEET).getLast());
    }
  }

  /** Credentials below the name of a mirror are those of the registry, not of the mirror. */
  @Test
  void k3sWithALoginBelowTheNameOfTheMirror() throws Exception {
    String image = "gcr.io/distroless/static:nonroot";
    Resolved theirs =
        folder.check(
            "--registries",
            folder.file(
                "registries.yaml",
                """
                mirrors:
                  "gcr.io":
                    endpoint:
                    - "https://gcr.lank8s.cn"
                  "ghcr.io":
                    endpoint:
                    - "https://ghcr.lank8s.cn"
                configs:
                  "gcr.io":
                    auth:
                      username: admin
                      password: Harbor12345
                """),
            image,
            "ghcr.io/a/b:1");
    assertThat(theirs.findings()).containsExactly("9 unused-auth");
    assertThat(theirs.text()).contains("write the mirror's below gcr.lank8s.cn [unused-auth]");
    assertThat(theirs.attempts(image))
        .containsExactly(
            "https://gcr.lank8s.cn/v2/distroless/static/manifests/nonroot",
            "https://gcr.io/v2/distroless/static/manifests/nonroot as admin");

    Path list = folder.list(image);
    Path nodes =
        folder.nodes(
            "k3s", "-r", "gcr.lank8s.cn", "--username", "admin", "--fallback", "--list", list);
    assertThat(
            folder
                .check(
                    "--registries",
                    nodes.resolve("etc/rancher/k3s/registries.yaml"),
                    "--list",
                    list)
                .attempts(image))
        .first()
        .isEqualTo("https://gcr.lank8s.cn/v2/distroless/static/manifests/nonroot as admin");
  }
}
