package io.mirrorimages.nodes.runtime;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/** nerdctl, which reads containerd's hosts.toml files itself. */
public final class NerdctlNodes implements NodeSystem {
  @Override
  public String name() {
    return "nerdctl";
  }

  @Override
  public String title() {
    return "nerdctl";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    List<String> steps = new ArrayList<>();
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add("Put the authority's certificate at `%s`, mode 0644.".formatted(file)));
    steps.add("Put the files in place; rootless: below ~/.config/containerd/certs.d.");
    setup
        .username()
        .ifPresent(
            name ->
                steps.add(
                    "Log in: `nerdctl login --username %s %s`"
                        .formatted(TextLiteral.word(name), setup.host())));
    steps.add(
        "Nothing is restarted. Check, with an image of the list: `nerdctl pull %s`"
            .formatted(setup.example()));
    List<String> remarks = new ArrayList<>(ContainerdNodes.remarks(setup));
    remarks.add(
        "nerdctl reads the files itself, as hosts_dir of nerdctl.toml says, and not containerd's"
            + " config.toml.");
    return new NodeConfiguration(
        HostsToml.files(setup, ContainerdConfig.CERTS, title()), steps, remarks);
  }
}
