package io.mirrorimages.nodes.kubernetes;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Repository;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import io.mirrorimages.nodes.runtime.ContainerdConfig;
import io.mirrorimages.nodes.runtime.HostsToml;
import java.util.ArrayList;
import java.util.List;

/** k0s: drop-ins of the containerd that it manages, and the names of its own images. */
public final class K0sNodes implements NodeSystem {
  private static final String FOLDER = "/etc/k0s/containerd.d";
  private static final String CERTS = FOLDER + "/certs.d";
  private static final String DROP_IN = FOLDER + "/mirror-images.toml";
  private static final String FORMER = "mirror-images-before-1.36.toml";
  private static final String IMAGES = "k0s-images.yaml";

  /** Where the images of k0s itself come from. */
  private static final List<String> SOURCES = List.of("quay.io", "registry.k8s.io");

  @Override
  public String name() {
    return "k0s";
  }

  @Override
  public String title() {
    return "k0s";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    List<NodeFile> files = new ArrayList<>(HostsToml.files(setup, CERTS, title()));
    files.add(ContainerdConfig.VERSION_3.file(DROP_IN, setup, CERTS));
    files.add(ContainerdConfig.VERSION_2.file(FORMER, setup, CERTS));
    if (dropsHostsOnly(setup) && hasOwnImages(setup)) {
      files.add(
          new NodeFile(
              IMAGES,
              NodeFile.PUBLIC,
              "# A part of /etc/k0s/k0s.yaml. Only the host of each name is replaced.\n"
                  + "spec:\n  images:\n    repository: "
                  + TextLiteral.quoted(setup.destination().toString())));
    }
    return new NodeConfiguration(files, steps(setup), remarks(setup));
  }

  /** Whether images are where k0s looks for them if it is given another repository. */
  private static boolean dropsHostsOnly(NodeSetup setup) {
    return setup.destination().mapping().equals(Mapping.FLAT);
  }

  /** Whether the images of k0s itself are among those that are listed; nothing is known without. */
  private static boolean hasOwnImages(NodeSetup setup) {
    List<String> registries = setup.repositories().stream().map(Repository::registry).toList();
    return registries.isEmpty() || registries.containsAll(SOURCES);
  }

  private static List<String> steps(NodeSetup setup) {
    List<String> steps = new ArrayList<>();
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add("Put the authority's certificate at `%s`, mode 0644.".formatted(file)));
    steps.add("Put the files below " + FOLDER + " in place on each worker.");
    steps.add(
        "For k0s 1.27 to 1.35, whose containerd is 1.7, take %s in place of %s, with its name."
            .formatted(FORMER, DROP_IN));
    if (setup.username().isPresent()) {
      steps.add(
          "Replace %s by the password of %s; the drop-in keeps mode 0600."
              .formatted(NodeSetup.PASSWORD, setup.username().get()));
    }
    steps.add(
        "k0s reloads containerd when a drop-in changes; if it does not: `systemctl restart"
            + " k0sworker` (k0scontroller on a single node).");
    steps.add(
        "Check, with an image of the list: `crictl --runtime-endpoint unix:///run/k0s/containerd.sock pull %s`"
            .formatted(setup.example()));
    return steps;
  }

  private static List<String> remarks(NodeSetup setup) {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "From 1.36 on a drop-in with version 2, or with the plugin io.containerd.grpc.v1.cri, keeps"
            + " k0s from starting: remove older ones.");
    remarks.add(
        "Drop-ins count only while the first line of /etc/k0s/containerd.toml is #"
            + " k0s_managed=true. If it was changed, remove that file and restart.");
    remarks.add(
        dropsHostsOnly(setup)
            ? hasOwnImages(setup)
                ? "With the mirrors k0s' own images are found under their original names: "
                    + IMAGES
                    + " is for clusters whose images shall carry the private registry's name."
                : "The list lacks images of "
                    + String.join(" or ", SOURCES)
                    + ", of which k0s' own are: leave spec.images.repository unset, which renames"
                    + " them all."
            : "spec.images.repository replaces the host of k0s' own images only, which is another"
                + " mapping than this: leave it unset, the mirrors serve the original names.");
    remarks.add(
        "`k0s airgap list-images --all` prints the images to have in the list. Archives may lie in"
            + " /var/lib/k0s/images instead.");
    setup
        .caFile()
        .ifPresent(
            file -> remarks.add(file + " has to be there on each worker, or every pull fails."));
    return remarks;
  }
}
