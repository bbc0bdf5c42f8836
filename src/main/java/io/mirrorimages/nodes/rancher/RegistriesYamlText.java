package io.mirrorimages.nodes.rancher;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code registries.yaml} by which K3s and RKE2 nodes find at a destination what their images
 * call by the original names. K3s tries the rewrites of a registry in random order, unanchored, and
 * writes them into TOML without escaping: so here they are anchored, exclude each other, and have
 * no backslash.
 */
public final class RegistriesYamlText {
  private RegistriesYamlText() {}

  /**
   * The file; images that are called by the private registry itself are found too.
   *
   * @throws TransferException if the mapping makes no valid path of a repository
   */
  static String of(NodeSetup setup) throws TransferException {
    return text(setup, mirrorsOf(setup));
  }

  /**
   * The file as {@code registries-yaml} prints it, without the private registry as a mirror of
   * itself.
   *
   * @throws TransferException if the mapping makes no valid path of a repository
   */
  public static String withoutItself(NodeSetup setup) throws TransferException {
    return text(setup, setup.mirrors());
  }

  /** The mirrors alone. */
  static List<String> mirrors(NodeSetup setup) throws TransferException {
    return mirrors(setup, mirrorsOf(setup));
  }

  /**
   * By https the registry needs no mirror of itself: its entry in {@code configs} keeps the mirror
   * for any registry from it.
   */
  private static List<NodeMirror> mirrorsOf(NodeSetup setup) throws TransferException {
    return setup.plainHttp() ? setup.mirrorsWithItself() : setup.mirrors();
  }

  private static List<String> mirrors(NodeSetup setup, List<NodeMirror> mirrors) {
    List<String> lines = new ArrayList<>();
    lines.add("mirrors:");
    for (NodeMirror mirror : mirrors) {
      lines.add("  " + TextLiteral.quoted(mirror.registry()) + ":");
      lines.add("    endpoint:");
      lines.add("      - " + TextLiteral.quoted(setup.url()));
      Map<String, String> rewrites = rewrites(mirror);
      if (!rewrites.isEmpty()) {
        lines.add("    rewrite:");
        rewrites.forEach(
            (from, to) ->
                lines.add("      " + TextLiteral.quoted(from) + ": " + TextLiteral.quoted(to)));
      }
    }
    return lines;
  }

  private static String text(NodeSetup setup, List<NodeMirror> mirrors) {
    List<String> lines = mirrors(setup, mirrors);
    lines.add("configs:");
    lines.add("  " + TextLiteral.quoted(setup.host()) + ":");
    if (setup.username().isPresent()) {
      lines.add("    auth:");
      lines.add("      username: " + TextLiteral.quoted(setup.username().get()));
      lines.add("      password: " + TextLiteral.quoted(NodeSetup.PASSWORD));
    } else {
      lines.add("    # Needed where projects are private, and best a user who may only pull:");
      lines.add("    # auth: {username: ..., password: ...}");
    }
    if (setup.caFile().isPresent() || setup.skipsVerify()) {
      lines.add("    tls:");
      setup.caFile().ifPresent(file -> lines.add("      ca_file: " + TextLiteral.quoted(file)));
      if (setup.skipsVerify()) {
        lines.add("      insecure_skip_verify: true");
      }
    } else if (!setup.plainHttp()) {
      // Makes it an entry that counts. By http it would make K3s try https first.
      lines.add("    tls: {}");
    }
    return String.join("\n", lines);
  }

  private static Map<String, String> rewrites(NodeMirror mirror) {
    if (!mirror.isRenamed()) {
      return mirror.prefix().isEmpty()
          ? Map.of()
          : Map.of("^(.*)$", mirror.prefixWithSlash() + "$1");
    }
    Map<String, String> rewrites = new TreeMap<>();
    mirror
        .paths()
        .forEach(
            (from, to) -> {
              if (!from.equals(to)) {
                rewrites.put("^" + from.replace(".", "[.]") + "$", to);
              }
            });
    return rewrites;
  }
}
