package io.mirrorimages.nodes.runtime;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code hosts.toml} files of containerd, one folder for each source registry. They know no
 * rewrites and no credentials. Only what containerd 1.6 knows is written, since an unknown value
 * makes it ignore the file.
 */
public final class HostsToml {
  private HostsToml() {}

  /**
   * The files for all mirrors of {@code setup}, and for the private registry itself.
   *
   * @param folder where the folders of the registries are, for example {@code
   *     /etc/containerd/certs.d}
   * @param system who reads them, as people call it
   * @throws TransferException if the mapping needs more than a prefix for each registry
   */
  public static List<NodeFile> files(NodeSetup setup, String folder, String system)
      throws TransferException {
    List<NodeFile> files = new ArrayList<>();
    for (NodeMirror mirror : setup.mirrorsWithItself()) {
      files.add(
          new NodeFile(
              folder + "/" + (mirror.isAny() ? "_default" : mirror.registry()) + "/hosts.toml",
              NodeFile.PUBLIC,
              text(setup, mirror.prefixFor(system))));
    }
    return files;
  }

  private static String text(NodeSetup setup, String prefix) {
    String url = setup.url() + (prefix.isEmpty() ? "" : "/v2/" + prefix);
    List<String> settings = new ArrayList<>();
    if (!prefix.isEmpty()) {
      settings.add("override_path = true");
    }
    setup.caFile().ifPresent(file -> settings.add("ca = " + TextLiteral.quoted(file)));
    if (setup.skipsVerify()) {
      settings.add("skip_verify = true");
    }
    List<String> lines = new ArrayList<>();
    if (setup.fallsBack()) {
      lines.add("# Without a server containerd asks the original registry last.");
    } else {
      lines.add("# The last to be asked, in place of the original registry.");
      lines.add("server = " + TextLiteral.quoted(url));
      lines.addAll(settings);
    }
    lines.add("");
    lines.add("[host." + TextLiteral.quoted(url) + "]");
    lines.add("  capabilities = [\"pull\", \"resolve\"]");
    settings.forEach(setting -> lines.add("  " + setting));
    return String.join("\n", lines);
  }
}
