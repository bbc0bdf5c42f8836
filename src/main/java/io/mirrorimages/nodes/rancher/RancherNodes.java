package io.mirrorimages.nodes.rancher;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.DockerHub;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rancher: a single node in Docker, the values of its chart, and the private registry of a cluster
 * that it makes. Its setting {@code system-default-registry} puts a text before the names of its
 * images, and {@code rancher/} before those without a slash.
 */
public final class RancherNodes implements NodeSystem {
  private static final String FILE = "/etc/rancher/k3s/registries.yaml";
  private static final String SECRET = "mirror-images-pull";

  @Override
  public String name() {
    return "rancher";
  }

  @Override
  public String title() {
    return "Rancher";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    Optional<String> before = systemDefaultRegistry(setup);
    List<NodeFile> files = new ArrayList<>();
    files.add(new NodeFile(FILE, NodeFile.PRIVATE, RegistriesYamlText.of(setup)));
    files.add(new NodeFile("run-rancher.sh", "0755", String.join("\n", run(setup, before))));
    before.ifPresent(
        registry ->
            files.add(
                new NodeFile(
                    "rancher-values.yaml", NodeFile.PUBLIC, String.join("\n", values(registry)))));
    files.add(
        new NodeFile(
            "cluster-registries.yaml", NodeFile.PUBLIC, String.join("\n", cluster(setup))));
    return new NodeConfiguration(files, steps(setup), remarks(setup, before));
  }

  /** What Rancher puts before names, if images are where that leads. */
  private static Optional<String> systemDefaultRegistry(NodeSetup setup) throws TransferException {
    Mapping mapping = setup.destination().mapping();
    if (mapping.rules().isEmpty() && mapping.layout() != Mapping.Layout.BY_REGISTRY) {
      return Optional.of(setup.destination().toString());
    }
    for (NodeMirror mirror : setup.mirrors()) {
      if (mirror.registry().equals(DockerHub.NAME) && !mirror.isRenamed()) {
        return Optional.of(setup.host() + (mirror.prefix().isEmpty() ? "" : "/" + mirror.prefix()));
      }
    }
    return Optional.empty();
  }

  private static List<String> run(NodeSetup setup, Optional<String> before) {
    List<String> lines = new ArrayList<>();
    lines.add("#!/bin/sh");
    lines.add("# Rancher on a single node, in Docker.");
    lines.add("set -eu");
    lines.add(": \"${RANCHER_VERSION:?is not set: RANCHER_VERSION=v2.12.2 $0}\"");
    lines.add("exec docker run --detach --name rancher --restart unless-stopped --privileged \\");
    lines.add("  --publish 80:80 --publish 443:443 \\");
    lines.add("  --volume /opt/rancher:/var/lib/rancher \\");
    lines.add("  --volume " + FILE + ":" + FILE + ":ro \\");
    setup
        .caFile()
        .ifPresent(
            file -> lines.add("  --volume " + TextLiteral.word(file + ":" + file + ":ro") + " \\"));
    before.ifPresent(
        registry ->
            lines.add(
                "  --env "
                    + TextLiteral.word("CATTLE_SYSTEM_DEFAULT_REGISTRY=" + registry)
                    + " \\"));
    lines.add("  --env CATTLE_SYSTEM_CATALOG=bundled \\");
    lines.add(
        "  "
            + TextLiteral.word(before.orElse(DockerHub.NAME) + "/rancher/rancher")
            + ":\"$RANCHER_VERSION\"");
    return lines;
  }

  private static List<String> values(String registry) {
    return List.of(
        "# helm upgrade --install rancher rancher-VERSION.tgz --namespace cattle-system"
            + " --values rancher-values.yaml ...",
        "rancherImage: " + TextLiteral.quoted(registry + "/rancher/rancher"),
        "systemDefaultRegistry: " + TextLiteral.quoted(registry),
        "useBundledSystemChart: true");
  }

  private static List<String> cluster(NodeSetup setup) throws TransferException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Part of a Cluster of provisioning.cattle.io: its nodes get a registries.yaml of it.");
    lines.add("spec:");
    lines.add("  rkeConfig:");
    if (!setup.fallsBack()) {
      lines.add("    machineGlobalConfig:");
      lines.add("      disable-default-registry-endpoint: true");
    }
    lines.add("    registries:");
    RegistriesYamlText.mirrors(setup).forEach(line -> lines.add("      " + line));
    lines.add("      configs:");
    lines.add("        " + TextLiteral.quoted(setup.host()) + ":");
    boolean empty = true;
    if (setup.username().isPresent()) {
      lines.add("          authConfigSecretName: " + SECRET);
      empty = false;
    }
    if (setup.caFile().isPresent()) {
      lines.add("          # base64 --wrap 0 " + TextLiteral.word(setup.caFile().get()));
      lines.add("          caBundle: \"REPLACE-WITH-BASE64-OF-PEM\"");
      empty = false;
    }
    if (setup.skipsVerify()) {
      lines.add("          insecureSkipVerify: true");
      empty = false;
    }
    if (empty) {
      lines.set(lines.size() - 1, lines.getLast() + " {}");
    }
    return lines;
  }

  private static List<String> steps(NodeSetup setup) {
    List<String> steps = new ArrayList<>();
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add(
                    "Put the authority's certificate at `%s` of the machine that runs Rancher, and where its Docker looks for it: `install -D -m 0644 %s /etc/docker/certs.d/%s/ca.crt`"
                        .formatted(file, TextLiteral.word(file), setup.host())));
    if (setup.plainHttp() || setup.skipsVerify()) {
      steps.add(
          "Single node: Docker on the machine that runs Rancher pulls from %s only with `\"insecure-registries\": [\"%s\"]` in /etc/docker/daemon.json; then `systemctl restart docker`."
              .formatted(setup.host(), setup.host()));
    }
    steps.add(
        "Single node: put %s in place on that machine%s, then `RANCHER_VERSION=v2.12.2 sh run-rancher.sh`, with the version of the list."
            .formatted(
                FILE,
                setup.username().isEmpty()
                    ? ""
                    : ", replace "
                        + NodeSetup.PASSWORD
                        + " in it, `docker login "
                        + setup.host()
                        + "`"));
    steps.add(
        "Rancher in a cluster: write the files of kind k3s or rke2 for that cluster, and install"
            + " the chart with rancher-values.yaml.");
    setup
        .username()
        .ifPresent(
            name ->
                steps.add(
                    "For clusters that Rancher makes: write %s and its password into files username and password, without a line feed, and: `kubectl create secret generic %s --namespace fleet-default --type rke.cattle.io/auth-config --from-file username --from-file password`"
                        .formatted(name, SECRET)));
    steps.add(
        "Clusters that Rancher makes: merge cluster-registries.yaml into the Cluster, or enter the"
            + " same at Registries when it is made.");
    steps.add(
        "Check: `docker logs --follow rancher` on a single node, and in each cluster `kubectl get"
            + " pods --all-namespaces`, in which nothing stays in ImagePullBackOff.");
    return steps;
  }

  private static List<String> remarks(NodeSetup setup, Optional<String> before) {
    List<String> remarks = new ArrayList<>();
    if (before.isEmpty()) {
      remarks.add(
          "The mapping renames images of Docker Hub, which a system-default-registry can't follow:"
              + " names stay the original ones, and registries.yaml leads to the registry.");
    } else if (before.get().contains("/")) {
      remarks.add(
          "A system-default-registry with a path is known to Rancher; RKE2 takes one from v1.33.10,"
              + " v1.34.6, v1.35.3 and v1.36.0 on. Older clusters need images without a project.");
    }
    if (setup.destination().mapping().layout() != Mapping.Layout.RANCHER) {
      remarks.add(
          "Of a name without a slash, as busybox in lists up to 2.5, Rancher makes rancher/busybox:"
              + " such lists are loaded with the mapping rancher.");
    }
    if (setup.plainHttp()) {
      remarks.add(
          "registries.yaml names the registry as a mirror of itself: without that its images would"
              + " be asked for by https. RKE2 before v1.25.11, v1.26.6 and v1.27.3 does so anyway"
              + " where the registry wants a token.");
    }
    remarks.add(
        "The image of Rancher holds little more than its K3s: fleet, webhook and shell are pulled"
            + " when it starts.");
    return remarks;
  }
}
