package io.mirrorimages.nodes.containers;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.KnownSources;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file for {@code registries.conf.d}, format 2. Mirrors replace a prefix of the name; nothing
 * stands for every registry.
 */
final class RegistriesConfText {
  private RegistriesConfText() {}

  /**
   * The file.
   *
   * @throws TransferException if the mapping makes no valid path of a repository
   */
  static String of(NodeSetup setup) throws TransferException {
    List<String> lines = new ArrayList<>();
    lines.add("# Names without a registry are Docker Hub's, as for other runtimes.");
    lines.add("unqualified-search-registries = [\"docker.io\"]");
    lines.add("");
    lines.add("# Of the tables whose prefix a name begins with, the longest prefix decides.");
    if (!setup.fallsBack()) {
      lines.add("# blocked forbids the location itself, not its mirrors: no pull goes there.");
    }
    for (NodeMirror mirror : KnownSources.named(setup.mirrors())) {
      // A block would hit the mirrors, which are at the same registry.
      boolean blocks = !setup.fallsBack() && !mirror.registry().equals(setup.host());
      if (!mirror.isRenamed()) {
        table(mirror.registry(), blocks, lines);
        mirror(mirror.prefix(), setup, lines);
        continue;
      }
      if (blocks) {
        table(mirror.registry(), true, lines);
      }
      for (Map.Entry<String, String> path : mirror.paths().entrySet()) {
        table(mirror.registry() + "/" + path.getKey(), blocks, lines);
        mirror(path.getValue(), setup, lines);
      }
    }
    return String.join("\n", lines);
  }

  private static void table(String prefix, boolean blocked, List<String> lines) {
    lines.add("");
    lines.add("[[registry]]");
    lines.add("prefix = " + TextLiteral.quoted(prefix));
    lines.add("location = " + TextLiteral.quoted(prefix));
    if (blocked) {
      lines.add("blocked = true");
    }
  }

  private static void mirror(String path, NodeSetup setup, List<String> lines) {
    lines.add("[[registry.mirror]]");
    lines.add(
        "location = " + TextLiteral.quoted(setup.host() + (path.isEmpty() ? "" : "/" + path)));
    if (setup.plainHttp() || setup.skipsVerify()) {
      lines.add(
          "insecure = true # "
              + (setup.plainHttp()
                  ? "http is asked where https fails"
                  : "any certificate is taken"));
    }
  }
}
