package io.mirrorimages.nodes.containers;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/** Podman, Buildah and Skopeo: no service, each command reads the files. */
public final class PodmanNodes implements NodeSystem {
  @Override
  public String name() {
    return "podman";
  }

  @Override
  public String title() {
    return "Podman";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    List<String> steps =
        ContainersSetup.steps(
            setup,
            "Put the file below in place; there is nothing to restart: each command reads it.");
    List<String> remarks = new ArrayList<>(ContainersSetup.remarks(setup));
    if (setup.username().isPresent()) {
      steps.add(
          "Log in, as each user who pulls; the password is asked for: `podman login --authfile ~/.config/containers/auth.json --username %s %s`"
              .formatted(TextLiteral.word(setup.username().get()), setup.host()));
      remarks.add(
          "Without --authfile the login is kept below /run and is lost with the next start of the"
              + " machine. Services started by systemd for root need HOME=/root to find the file.");
    }
    steps.add(
        "Check, with an image of the list: `podman pull --log-level=debug %s`"
            .formatted(setup.example()));
    remarks.add("Buildah and Skopeo read the same files; Docker does not.");
    return new NodeConfiguration(List.of(ContainersSetup.registries(setup)), steps, remarks);
  }
}
