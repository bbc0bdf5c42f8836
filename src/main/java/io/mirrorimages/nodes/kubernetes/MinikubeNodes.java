package io.mirrorimages.nodes.kubernetes;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.runtime.HostsToml;
import java.util.ArrayList;
import java.util.List;

/** minikube with containerd: files that it copies into its nodes. */
public final class MinikubeNodes implements NodeSystem {
  private static final String FILES = ".minikube/files";

  @Override
  public String name() {
    return "minikube";
  }

  @Override
  public String title() {
    return "minikube";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    return new NodeConfiguration(
        HostsToml.files(setup, FILES + "/etc/containerd/certs.d", title()),
        steps(setup),
        remarks(setup));
  }

  private static List<String> steps(NodeSetup setup) {
    List<String> steps = new ArrayList<>();
    steps.add("Put the files below in place in your home folder: minikube copies them into nodes.");
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add(
                    "Put the authority's certificate at `~/%s%s`, from where it gets to `%s` of each node."
                        .formatted(FILES, file.startsWith("/") ? file : "/" + file, file)));
    steps.add("Start: `minikube start --container-runtime=containerd --preload=false`");
    steps.add(
        "Check, with an image of the list: `minikube ssh -- sudo crictl pull %s`"
            .formatted(setup.example()));
    return steps;
  }

  private static List<String> remarks(NodeSetup setup) {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "With the runtime docker only names of Docker Hub can have a mirror (--registry-mirror),"
            + " and none below a project: hence containerd.");
    remarks.add(
        "The node itself is an image or an ISO that minikube fetches first: kicbase is given by"
            + " --base-image %s, and is pulled by Docker or Podman of this machine."
                .formatted(setup.host() + "/..."));
    remarks.add(
        "preload=false: the archive of images that minikube would fetch instead comes from the"
            + " internet.");
    remarks.add(
        setup.destination().mapping().equals(Mapping.FLAT)
            ? "Without these files, --image-repository=%s lets it look there for its own images, which then carry this name; those of charts stay as they are."
                .formatted(setup.destination())
            : "Leave --image-repository out: it drops the registry of names, which is another"
                + " mapping than this.");
    if (setup.plainHttp() || setup.skipsVerify()) {
      remarks.add(
          "--insecure-registry writes a hosts.toml of its own for the registry, without a project:"
              + " leave it out.");
    }
    if (setup.username().isPresent()) {
      remarks.add(
          "minikube has no place for the login of a mirror: the projects have to be public, and "
              + setup.username().get()
              + " is not used.");
    }
    return remarks;
  }
}
