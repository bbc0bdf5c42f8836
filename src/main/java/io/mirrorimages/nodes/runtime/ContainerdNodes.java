package io.mirrorimages.nodes.runtime;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import java.util.ArrayList;
import java.util.List;

/** containerd below a kubelet. */
public final class ContainerdNodes implements NodeSystem {
  @Override
  public String name() {
    return "containerd";
  }

  @Override
  public String title() {
    return "containerd";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    List<NodeFile> files = new ArrayList<>();
    files.addAll(HostsToml.files(setup, ContainerdConfig.CERTS, title()));
    files.add(ContainerdConfig.VERSION_2.file("containerd-1.toml", setup));
    files.add(ContainerdConfig.VERSION_3.file("containerd-2.toml", setup));
    List<String> steps = new ArrayList<>();
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add("Put the authority's certificate at `%s`, mode 0644.".formatted(file)));
    steps.add("Put the hosts.toml files in place on each node.");
    steps.add(
        "Merge one of the parts of config.toml into /etc/containerd/config.toml: containerd-1.toml"
            + " for containerd 1.6 and 1.7, containerd-2.toml for 2.x (`containerd --version`).");
    if (setup.username().isPresent()) {
      steps.add(
          "Replace %s by the password of %s; config.toml gets mode 0600."
              .formatted(NodeSetup.PASSWORD, setup.username().get()));
    }
    steps.add(
        "Restart: `systemctl restart containerd`. Containers go on; later changes of hosts.toml"
            + " need no restart.");
    steps.add("Check, with an image of the list: `crictl pull %s`".formatted(setup.example()));
    List<String> remarks = new ArrayList<>(remarks(setup));
    remarks.add(
        "Remove tables registry.mirrors and registry.configs.*.tls from config.toml: with"
            + " config_path beside them containerd does not load its CRI plugin.");
    remarks.add(
        "config_path names one folder. Of two, as in the default of 2.2, the pull service of 2.1"
            + " and later finds neither.");
    remarks.add(
        "ctr does not read config.toml: `ctr images pull --hosts-dir %s %s`"
            .formatted(ContainerdConfig.CERTS, setup.example()));
    if (setup.username().isPresent()) {
      remarks.add(
          "hosts.toml takes no credentials. The table configs.*.auth is deprecated, but still read;"
              + " public projects need none.");
    }
    return new NodeConfiguration(files, steps, remarks);
  }

  /** What holds wherever hosts.toml files are read. */
  static List<String> remarks(NodeSetup setup) {
    List<String> remarks = new ArrayList<>();
    if (!setup.fallsBack()) {
      remarks.add(
          "The registry stands as server too, since containerd asks the original registry if there"
              + " is none.");
    }
    if (!setup.repositories().isEmpty()) {
      remarks.add(
          "Images of registries without a folder are still pulled from there: write the files again"
              + " when the list changes.");
    }
    setup
        .caFile()
        .ifPresent(
            file ->
                remarks.add(
                    file
                        + " has to be there wherever hosts.toml is read: without it every pull"
                        + " fails."));
    return remarks;
  }
}
