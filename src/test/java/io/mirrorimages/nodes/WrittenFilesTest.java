package io.mirrorimages.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.containerd.CertsTree;
import io.mirrorimages.nodes.check.containers.RegistriesConf;
import io.mirrorimages.nodes.check.docker.DaemonJson;
import io.mirrorimages.nodes.check.k3s.K3sNode;
import io.mirrorimages.nodes.check.k3s.K3sSettings;
import io.mirrorimages.nodes.system.NodeSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a node makes of the files that are written for it: it asks for each image where {@code load}
 * has put it, and nowhere else. The reading side knows nothing of the writing one.
 */
class WrittenFilesTest {
  private static final List<String> IMAGES =
      List.of(
          "docker.io/rancher/shell:v1",
          "docker.io/library/busybox:1",
          "quay.io/cilium/cilium:v1",
          "registry.k8s.io/pause:3.10",
          "localhost:5000/own/tool:1");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "k3s, h.io",
    "rke2, h.io:8443/proj",
    "containerd, h.io/proj",
    "nerdctl, h.io:8443",
    "k0s, h.io/proj",
    "minikube, h.io/proj",
    "docker, h.io:8443/proj",
    "crio, h.io:8443/proj",
    "podman, h.io"
  })
  void imagesAreAskedForWhereTheyWereLoaded(String kind, String destination) throws Exception {
    for (Mapping.Layout layout : List.of(Mapping.Layout.FLAT, Mapping.Layout.BY_REGISTRY)) {
      check(kind, NodeSetups.of(destination, new Mapping(layout, List.of()), IMAGES));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"k3s", "rke2", "crio", "podman"})
  void renamedImagesToo(String kind) throws Exception {
    for (Mapping mapping : NodeSetups.mappings()) {
      check(kind, NodeSetups.of("h.io/proj", mapping, IMAGES));
    }
  }

  private void check(String kind, NodeSetup setup) throws Exception {
    NodeReader reader = reader(kind, setup);

    for (String image : IMAGES) {
      Reference reference = Reference.parse(image);
      List<NodeAttempt> attempts = reader.resolve(reference).attempts();
      assertThat(attempts)
          .as(kind + " " + setup.destination() + " " + setup.destination().mapping() + " " + image)
          .isNotEmpty()
          .allMatch(attempt -> attempt.host().equals(setup.host()))
          .allMatch(attempt -> attempt.refusal().isEmpty());
      assertThat(attempts.getFirst().url(reference))
          .isEqualTo(
              "https://%s/v2/%s/manifests/%s",
              setup.host(),
              setup.destination().name(reference).repository().path(),
              reference.fetchName());
    }
  }

  /** Docker before 28 reads daemon.json only. */
  @Test
  void dockersMirrorIsThatOfDockerHub() throws Exception {
    Path tree =
        write("docker", NodeSetups.of("h.io", Mapping.FLAT, List.of("docker.io/rancher/shell:v1")));
    Reference image = Reference.parse("docker.io/rancher/shell:v1");
    NodeReader reader =
        DaemonJson.readers(
                tree.resolve("etc/docker/daemon.json"),
                folder.resolve("none"),
                NodeLogins.NONE,
                List.of(image),
                new FindingLog())
            .getFirst();

    assertThat(reader.resolve(image).attempts().getFirst().url(image))
        .isEqualTo("https://h.io/v2/rancher/shell/manifests/v1");
  }

  private Path write(String kind, NodeSetup setup) throws Exception {
    Path tree = Files.createTempDirectory(folder, kind);
    NodeConfiguration configuration = NodeSystems.find(kind).orElseThrow().configure(setup);
    new ConfigurationFolder(tree).write(configuration.files());
    return tree;
  }

  private NodeReader reader(String kind, NodeSetup setup) throws Exception {
    Path tree = write(kind, setup);
    FindingLog findings = new FindingLog();
    List<Reference> images =
        Stream.of(IMAGES.toArray(String[]::new)).map(Reference::parse).toList();
    return switch (kind) {
      case "k3s", "rke2" ->
          K3sNode.readers(
                  tree.resolve("etc/rancher/" + kind + "/registries.yaml"),
                  new K3sSettings(!setup.fallsBack(), Optional.empty()),
                  images,
                  findings)
              .getFirst();
      case "crio", "podman" ->
          RegistriesConf.read(
                  tree.resolve("etc/containers/registries.conf.d/50-mirror-images.conf"),
                  List.of(),
                  NodeLogins.NONE,
                  images,
                  findings)
              .orElseThrow();
      case "k0s" -> certs(tree, "etc/k0s/containerd.d/certs.d", images, findings);
      case "minikube" -> certs(tree, ".minikube/files/etc/containerd/certs.d", images, findings);
      case "docker" -> certs(tree, "etc/docker/certs.d", images, findings);
      default -> certs(tree, "etc/containerd/certs.d", images, findings);
    };
  }

  private static NodeReader certs(
      Path tree, String path, List<Reference> images, FindingLog findings) {
    return CertsTree.read(tree.resolve(path), Map.of(), images, findings);
  }
}
