package io.mirrorimages.nodes.runtime;

import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/** The part of containerd's {@code config.toml} that makes its CRI plugin read hosts.toml files. */
public enum ContainerdConfig {
  /** Of containerd 1.6 and 1.7. */
  VERSION_2("version = 2", "io.containerd.grpc.v1.cri"),

  /** Of containerd 2.x. */
  VERSION_3("version = 3", "io.containerd.cri.v1.images");

  /** The folder that is written: one only, since two are taken for one by the transfer service. */
  public static final String CERTS = "/etc/containerd/certs.d";

  private final String version;
  private final String plugin;

  ContainerdConfig(String version, String plugin) {
    this.version = version;
    this.plugin = plugin;
  }

  /** The part as a file that is to be merged into {@code config.toml}. */
  public NodeFile file(String path, NodeSetup setup) {
    return file(path, setup, CERTS);
  }

  /** The same with the hosts.toml files below another folder. */
  public NodeFile file(String path, NodeSetup setup, String certs) {
    return new NodeFile(
        path,
        setup.username().isPresent() ? NodeFile.PRIVATE : NodeFile.PUBLIC,
        version + "\n\n" + String.join("\n", tables(setup, certs)));
  }

  /** The tables without the line that says the version. */
  public List<String> tables(NodeSetup setup) {
    return tables(setup, CERTS);
  }

  private List<String> tables(NodeSetup setup, String certs) {
    String registry = "plugins.\"" + plugin + "\".registry";
    List<String> lines = new ArrayList<>();
    lines.add("[" + registry + "]");
    lines.add("  config_path = " + TextLiteral.quoted(certs));
    setup
        .username()
        .ifPresent(
            name -> {
              lines.add("");
              lines.add(
                  "[%s.configs.%s.auth]".formatted(registry, TextLiteral.quoted(setup.host())));
              lines.add("  username = " + TextLiteral.quoted(name));
              lines.add("  password = " + TextLiteral.quoted(NodeSetup.PASSWORD));
            });
    return lines;
  }
}
