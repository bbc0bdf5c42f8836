package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.cli.Command;
import io.mirrorimages.cli.Program;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.Containerd;
import io.mirrorimages.testing.Podman;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code serve}, pulled from by the clients people have: one by one, and all at once. A process of
 * its own, as users run it; most clients try TLS first.
 */
@Timeout(600)
class PullIT {
  private static final Pattern ADDRESS = Pattern.compile("on http://[^ ]*:([0-9]+)\\n");

  private final TestImages images = new TestImages();
  private final Layer layer = images.layer("layer", 2_000_000);
  private final Layer other = images.layer("other", 3_000_000);
  private final PlannedImage index =
      images.plan(
          "docker.io/rancher/shell:v1",
          images.index(
              images.image(TestImages.AMD64, layer), images.image(TestImages.ARM64, layer)));
  private final PlannedImage docker =
      images.plan("quay.io/a/docker:2", images.dockerImage(TestImages.AMD64, layer, other));

  /** Of the same path as another registry's. */
  private final PlannedImage namesake =
      images.plan("quay.io/rancher/shell:v1", images.image(TestImages.AMD64, other));

  private final List<PlannedImage> plan = List.of(index, docker, namesake);
  private Program.Running server;
  private String name;

  @TempDir private Path folder;

  @BeforeEach
  void serve() throws Exception {
    Path file = folder.resolve("rancher.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, plan)) {
      for (PlannedImage image : plan) {
        images.store(image, writer);
      }
      writer.finish(plan);
    }
    server = Program.in(folder).start("serve", "--archive", file, "--listen", "127.0.0.1:0");
    name = "127.0.0.1:" + server.awaitOutput(ADDRESS).group(1);
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.process().destroyForcibly().waitFor();
  }

  @Test
  void skopeoPullsByTagAndDigestAndListsTags() throws Exception {
    skopeo(index, "rancher/shell:v1", "one");
    skopeo(index, "docker.io/rancher/shell:v1", "two");
    skopeo(namesake, "quay.io/rancher/shell:v1", "three");
    skopeo(docker, "a/docker@" + docker.top().digest(), "four");
    assertThat(
            new String(
                Skopeo.run("list-tags", "--tls-verify=false", "docker://" + name + "/a/docker")))
        .contains("\"2\"");
  }

  @Test
  void containerdPullsSeveralRegistriesThroughTheWrittenHostsFiles() throws Exception {
    assumeTrue(Containerd.canRun(), "needs containerd, and root");
    Path list =
        Files.write(
            folder.resolve("list"),
            plan.stream().map(image -> image.request().source().toString()).toList());
    Command written =
        Program.in(folder)
            .run(
                "nodes",
                "containerd",
                "--registry",
                name,
                "--plain-http",
                "--mapping",
                "by-registry",
                "--list",
                list,
                "--output",
                "node");
    assertThat(written.exitCode()).as(written.err()).isZero();
    try (Containerd containerd = Containerd.start()) {
      Path hosts = folder.resolve("node/etc/containerd/certs.d");
      containerd(containerd, hosts);
      // The original registry is not asked for what is missing.
      assertThatThrownBy(() -> pull(containerd, hosts, "docker.io/rancher/missing:v1"))
          .hasMessageContaining("not found")
          .hasMessageNotContaining("registry-1");
      // By the server's own name too, without hosts files.
      String own = name + "/rancher/shell:v1";
      containerd.ctr("images", "pull", "--plain-http", "--snapshotter", "native", own);
      assertThat(containerd.ctr("images", "ls")).contains(own);
    }
  }

  @Test
  void podmanPullsThroughItsMirrorsAndByName() throws Exception {
    assumeTrue(Podman.canRun(), "needs podman, and root");
    podman(folder.resolve("podman"));
  }

  @Test
  void allPullAtOnce() throws Exception {
    List<Callable<Void>> pulls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String copy = "copy-" + i;
      PlannedImage image = plan.get(i % plan.size());
      pulls.add(call(() -> skopeo(image, image.request().source().toString(), copy)));
    }
    if (Podman.canRun()) {
      pulls.add(call(() -> podman(folder.resolve("podman-1"))));
      pulls.add(call(() -> podman(folder.resolve("podman-2"))));
    }
    if (Containerd.canRun()) {
      for (int i = 0; i < 2; i++) {
        pulls.add(
            call(
                () -> {
                  try (Containerd containerd = Containerd.start()) {
                    containerd(containerd);
                  }
                }));
      }
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(pulls.size())) {
      for (Future<Void> pull : threads.invokeAll(pulls)) {
        pull.get();
      }
    }
  }

  private void skopeo(PlannedImage image, String path, String to) throws Exception {
    Path copy = folder.resolve(to);
    Skopeo.run(
        "copy", "--all", "--src-tls-verify=false", "docker://" + name + "/" + path, "dir:" + copy);

    assertThat(copy.resolve("manifest.json")).hasBinaryContent(image.top().bytes());
    for (Descriptor blob : image.blobs()) {
      assertThat(copy.resolve(blob.digest().hex())).hasBinaryContent(images.content(blob.digest()));
    }
  }

  private void containerd(Containerd containerd) throws Exception {
    containerd.mirror("docker.io", "http://" + name);
    containerd.mirror("quay.io", "http://" + name);
    containerd(containerd, containerd.hosts());
  }

  private static void pull(Containerd containerd, Path hosts, String image) throws Exception {
    containerd.ctr(
        "images",
        "pull",
        "--hosts-dir",
        hosts.toString(),
        "--snapshotter",
        "native",
        "--all-platforms",
        image);
  }

  /** All images, each under its real name; the content is what containerd itself hashed. */
  private void containerd(Containerd containerd, Path hosts) throws Exception {
    for (PlannedImage image : plan) {
      pull(containerd, hosts, image.request().source().toString());
    }
    String pulled = containerd.ctr("images", "ls");
    String content = containerd.ctr("content", "ls", "--quiet");
    for (PlannedImage image : plan) {
      assertThat(
              pulled
                  .lines()
                  .filter(line -> line.startsWith(image.request().source() + " "))
                  .findFirst())
          .hasValueSatisfying(line -> assertThat(line).contains(image.top().digest().toString()));
      for (Manifest manifest : image.manifests()) {
        assertThat(content).contains(manifest.digest().toString());
      }
      for (Descriptor blob : image.blobs()) {
        assertThat(content).contains(blob.digest().toString());
      }
    }
  }

  private void podman(Path storage) throws Exception {
    Podman podman = new Podman(storage);
    podman.registries(
        """
        [[registry]]
        location = "docker.io"
        [[registry.mirror]]
        location = "%1$s/docker.io"
        insecure = true
        [[registry]]
        location = "quay.io"
        [[registry.mirror]]
        location = "%1$s/quay.io"
        insecure = true
        """
            .formatted(name));
    for (PlannedImage image : plan) {
      podman.pull(image.request().source().toString());
    }
    podman.pull("--tls-verify=false", name + "/a/docker:2");
    String pulled = podman.run("images", "--digests", "--no-trunc");
    for (PlannedImage image : plan) {
      assertThat(pulled).contains(image.top().digest().toString());
    }
    assertThat(pulled).contains("docker.io/rancher/shell", "quay.io/rancher/shell", name);
  }

  private static Callable<Void> call(Pull pull) {
    return () -> {
      pull.run();
      return null;
    };
  }

  @FunctionalInterface
  private interface Pull {
    void run() throws Exception;
  }
}
