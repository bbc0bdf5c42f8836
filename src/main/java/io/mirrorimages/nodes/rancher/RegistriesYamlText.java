package io.mirrorimages.nodes.rancher;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Json;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
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
   * The file.
   *
   * @throws TransferException if the mapping makes no valid path of a repository
   */
  public static String of(NodeSetup setup) throws TransferException {
    List<String> lines = new ArrayList<>();
    lines.add("mirrors:");
    for (NodeMirror mirror : setup.mirrors()) {
      lines.add("  " + quote(mirror.registry()) + ":");
      lines.add("    endpoint:");
      lines.add("      - " + quote(setup.url()));
      Map<String, String> rewrites = rewrites(mirror);
      if (!rewrites.isEmpty()) {
        lines.add("    rewrite:");
        rewrites.forEach((from, to) -> lines.add("      " + quote(from) + ": " + quote(to)));
      }
    }
    lines.add("configs:");
    lines.add("  " + quote(setup.host()) + ":");
    if (setup.username().isPresent()) {
      lines.add("    auth:");
      lines.add("      username: " + quote(setup.username().get()));
      lines.add("      password: " + quote(NodeSetup.PASSWORD));
    } else {
      lines.add("    # Needed where projects are private, and best a user who may only pull:");
      lines.add("    # auth: {username: ..., password: ...}");
    }
    if (setup.caFile().isPresent() || setup.skipsVerify()) {
      lines.add("    tls:");
      setup.caFile().ifPresent(file -> lines.add("      ca_file: " + quote(file)));
      if (setup.skipsVerify()) {
        lines.add("      insecure_skip_verify: true");
      }
    } else {
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

  /** Strings of JSON are strings of YAML. */
  private static String quote(String text) {
    return Json.MAPPER.writeValueAsString(text);
  }
}
