package io.mirrorimages.nodes.runtime;

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

/**
 * Docker Engine, which has two ways: {@code registry-mirrors} for Docker Hub without a path, and
 * from version 28 on hosts.toml files for every registry.
 */
public final class DockerNodes implements NodeSystem {
  private static final String CONFIG = "/etc/docker/daemon.json";
  private static final String CERTS = "/etc/docker/certs.d";

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public String title() {
    return "Docker Engine";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    boolean hub = false;
    List<String> others = new ArrayList<>();
    for (NodeMirror mirror : setup.mirrors()) {
      boolean plain = mirror.prefixFor(title()).isEmpty();
      hub |= plain && (mirror.isAny() || mirror.registry().equals(DockerHub.NAME));
      if (!plain || !mirror.registry().equals(DockerHub.NAME)) {
        others.add(
            (mirror.isAny() ? "other registries" : mirror.registry())
                + (plain ? "" : " below " + mirror.prefix()));
      }
    }
    List<NodeFile> files = new ArrayList<>();
    files.add(new NodeFile(CONFIG, NodeFile.PUBLIC, daemon(setup, hub, !others.isEmpty())));
    files.addAll(HostsToml.files(setup, CERTS, title()));
    return new NodeConfiguration(files, steps(setup), remarks(setup, others));
  }

  private static String daemon(NodeSetup setup, boolean hub, boolean needsHosts) {
    Map<String, Object> config = new LinkedHashMap<>();
    if (hub) {
      config.put("registry-mirrors", List.of(setup.url()));
    }
    if (setup.plainHttp() || setup.skipsVerify()) {
      config.put("insecure-registries", List.of(setup.host()));
    }
    if (needsHosts) {
      config.put("features", Map.of("containerd-snapshotter", true));
    }
    return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(config);
  }

  private static List<String> steps(NodeSetup setup) {
    List<String> steps = new ArrayList<>();
    steps.add("Merge the settings into " + CONFIG + ", and put the other files in place.");
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add(
                    "Put the authority's certificate at `%s`, and where Docker before 28 looks for it: `install -D -m 0644 %s %s/%s/ca.crt`"
                        .formatted(file, TextLiteral.word(file), CERTS, setup.host())));
    steps.add(
        "Check the file, from version 23 on: `dockerd --validate --config-file %s`"
            .formatted(CONFIG));
    steps.add(
        "Restart: `systemctl restart docker`. Containers stop, unless live-restore is on; mirrors"
            + " alone are read by `systemctl reload docker` too.");
    setup
        .username()
        .ifPresent(
            name ->
                steps.add(
                    "Log in, for full names: `docker login --username %s %s`"
                        .formatted(TextLiteral.word(name), setup.host())));
    steps.add("Check, with an image of the list: `docker pull %s`".formatted(setup.example()));
    return steps;
  }

  private static List<String> remarks(NodeSetup setup, List<String> others) {
    List<String> remarks = new ArrayList<>();
    if (!others.isEmpty()) {
      remarks.add(
          "Docker before 28 has mirrors for Docker Hub only, and none with a path: it can't find "
              + String.join(", ", others)
              + " there. Pull full names with it: "
              + setup.destination()
              + "/...");
      remarks.add(
          "From 28 on the hosts.toml files serve every registry, with the containerd image store:"
              + " containerd-snapshotter turns it on (29 has it from the start). Images of the"
              + " former store are not seen while it is on, and come back when it is off.");
    }
    if (!setup.fallsBack()) {
      remarks.add(
          "Docker before 28 always asks Docker Hub for what a mirror has not; only a firewall keeps"
              + " it from that.");
    }
    if (setup.username().isPresent()) {
      remarks.add(
          "Docker sends the login of the registry that a name says, and not that of a mirror:"
              + " projects have to be public for original names.");
    }
    remarks.add(
        "An unknown or doubled setting keeps dockerd from starting, also one that is an option of"
            + " its systemd unit at the same time.");
    return remarks;
  }
}
