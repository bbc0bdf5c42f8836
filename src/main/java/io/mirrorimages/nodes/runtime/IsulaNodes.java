package io.mirrorimages.nodes.runtime;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Json;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** iSulad, which looks for names without a registry in a list of registries. */
public final class IsulaNodes implements NodeSystem {
  private static final String CONFIG = "/etc/isulad/daemon.json";

  @Override
  public String name() {
    return "isula";
  }

  @Override
  public String title() {
    return "iSulad";
  }

  /** An image of Docker Hub as it is pulled: without its registry. */
  private static String pulled(NodeSetup setup) {
    return setup.repositories().stream()
        .filter(repository -> repository.registry().equals(DockerHub.NAME))
        .findFirst()
        .map(repository -> repository.path().replaceFirst("^library/", "") + ":TAG")
        .orElse("busybox:TAG");
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    List<String> others = new ArrayList<>();
    for (NodeMirror mirror : setup.mirrors()) {
      if (!mirror.isAny() && !mirror.registry().equals(DockerHub.NAME)) {
        others.add(mirror.registry());
      } else if (!mirror.prefixFor(title()).isEmpty()) {
        throw new TransferException(
            FailureKind.OPTION,
            title()
                + " adds no path to names without a registry, as "
                + mirror.prefix()
                + " would be: load these images with "
                + Setting.MAPPING
                + " flat and without a project, and give the same here");
      }
    }
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("registry-mirrors", List.of(setup.plainHttp() ? setup.url() : setup.host()));
    if (setup.skipsVerify() || setup.plainHttp()) {
      config.put("insecure-registries", List.of(setup.host()));
    }
    String certificates = "/etc/isulad/certs.d/" + setup.host();
    List<String> steps = new ArrayList<>();
    steps.add("Merge isulad-daemon.json into " + CONFIG + " on each node.");
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add(
                    "Put the authority's certificate where it is looked for: `install -D -m 0644 %s %s/ca.crt`"
                        .formatted(TextLiteral.word(file), certificates)));
    steps.add("Restart: `systemctl restart isulad`.");
    setup
        .username()
        .ifPresent(
            name ->
                steps.add(
                    "Log in on each node: `isula login --username %s %s`"
                        .formatted(TextLiteral.word(name), setup.host())));
    steps.add(
        "Check, with an image of the list, without its registry: `isula pull %s`"
            .formatted(pulled(setup)));
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "iSulad takes registry-mirrors for names without a registry only, as rancher/shell. A name"
            + " with one is pulled from there: write these with "
            + setup.host()
            + " in charts and manifests"
            + (others.isEmpty() ? "." : " (images of " + String.join(", ", others) + ")."));
    if (setup.username().isPresent()) {
      remarks.add(
          "`isula login` encrypts the credentials with a key of the node: they can't be written in"
              + " advance.");
    }
    return new NodeConfiguration(
        List.of(
            new NodeFile(
                "isulad-daemon.json",
                NodeFile.PUBLIC,
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(config))),
        steps,
        remarks);
  }
}
