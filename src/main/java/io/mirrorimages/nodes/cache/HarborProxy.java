package io.mirrorimages.nodes.cache;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Harbor: projects that fetch from the original registries what nodes ask for, with the names that
 * the mapping makes; and replication of what was loaded to a Harbor elsewhere.
 */
public final class HarborProxy implements NodeSystem {
  private static final String PROXY = "harbor-proxy-cache.sh";
  private static final String REPLICATION = "harbor-replication.sh";
  private static final String DOCKER_HUB = "docker.io";
  private static final String EXECUTABLE = "0755";

  @Override
  public String name() {
    return "harbor";
  }

  @Override
  public String title() {
    return "Harbor";
  }

  @Override
  public boolean takesIpv6Address() {
    return true;
  }

  @Override
  public boolean readsCaFileOnNodes() {
    return false;
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    Map<String, String> projects = projects(setup);
    return new NodeConfiguration(
        List.of(
            new NodeFile(PROXY, EXECUTABLE, HarborScripts.proxyCache(setup, projects)),
            new NodeFile(REPLICATION, EXECUTABLE, HarborScripts.replication(setup))),
        steps(setup),
        remarks(setup, projects));
  }

  /** The source registry of each project. */
  private static Map<String, String> projects(NodeSetup setup) throws TransferException {
    Map<String, String> projects = new LinkedHashMap<>();
    for (NodeMirror mirror : setup.mirrors()) {
      String project = mirror.prefixFor("A proxy-cache project of Harbor");
      String source = mirror.isAny() ? DOCKER_HUB : mirror.registry();
      if (project.isEmpty() || project.contains("/")) {
        throw refusal(
            setup, project.isEmpty() ? source + " without one" : source + " at " + project);
      }
      String other = projects.putIfAbsent(project, source);
      if (other != null) {
        throw refusal(setup, other + " and " + source + " both at " + project);
      }
    }
    return projects;
  }

  private static TransferException refusal(NodeSetup setup, String what) {
    return new TransferException(
        FailureKind.OPTION,
        "Harbor caches each registry in a project of its own, not %s: give %s %s without a project, and %s by-registry"
            .formatted(what, Setting.REGISTRY, setup.host(), Setting.MAPPING));
  }

  private static List<String> steps(NodeSetup setup) {
    List<String> steps = new ArrayList<>();
    steps.add(
        "Write the login of a Harbor administrator into a file of mode 0600, as curl reads it: `machine %s login admin password ...`"
            .formatted(setup.host().replaceFirst(":[0-9]+$", "").replaceAll("[\\[\\]]", "")));
    steps.add(
        "Where this Harbor reaches the original registries: `NETRC=FILE sh %s` makes its proxy-cache projects. It can be repeated."
            .formatted(PROXY));
    steps.add(
        "For a second Harbor that reaches this one: `NETRC=FILE HARBOR=https://SECOND sh %s` makes an endpoint and a rule there, which pulls what was loaded here. FILE then has a line for `machine SECOND` too."
            .formatted(REPLICATION));
    steps.add(
        "Check, with an image of the list: `podman pull %s/PROJECT/library/busybox:latest`"
            .formatted(setup.host()));
    steps.add(
        "Configure the nodes with their own kind, and the same registry and mapping:"
            + " `mirror-images nodes KIND`.");
    return steps;
  }

  private static List<String> remarks(NodeSetup setup, Map<String, String> projects)
      throws TransferException {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "Nothing can be pushed into a proxy-cache project, so load needs other projects: in an air"
            + " gap use load and leave %s out.".formatted(PROXY));
    remarks.add(
        "The adapter of an endpoint is the registry's own where this Harbor has it, else"
            + " docker-registry, which serves quay.io too: Harbor dropped quay in 2.14."
            + " github-ghcr is there from 2.8 on.");
    remarks.add("A proxy-cache project drops by default what was not pulled for seven days.");
    if (setup.mirrors().stream().anyMatch(NodeMirror::isAny)) {
      remarks.add(
          projects.keySet().iterator().next()
              + " caches Docker Hub; give a list and a mapping by registry for others.");
    }
    remarks.add(
        setup.username().isPresent()
            ? "The projects are private: the user who pulls has to be a member, or a robot with"
                + " pull."
            : "The projects are public, so that nodes need no login.");
    remarks.add(
        "An account at Docker Hub raises its pull limit: give it to the endpoint in Harbor's pages,"
            + " not in the script.");
    return remarks;
  }
}
