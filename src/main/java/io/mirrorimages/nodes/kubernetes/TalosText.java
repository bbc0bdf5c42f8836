package io.mirrorimages.nodes.kubernetes;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/**
 * The registries of a Talos machine. The certificate of the authority comes last in both forms, so
 * that it can be appended: it is part of the configuration, not a file on the node.
 */
final class TalosText {
  private static final String TITLE = "Talos";

  private TalosText() {}

  /** Whether the certificate of an authority has to be appended. */
  static boolean wantsCa(NodeSetup setup) {
    return setup.caFile().isPresent() && !setup.plainHttp();
  }

  private static boolean hasTls(NodeSetup setup) {
    return wantsCa(setup) || (setup.skipsVerify() && !setup.plainHttp());
  }

  /**
   * Documents of kinds of their own, for Talos from 1.12 on.
   *
   * @throws TransferException if the mapping renames repositories one by one
   */
  static String documents(NodeSetup setup) throws TransferException {
    List<String> lines = new ArrayList<>();
    for (NodeMirror mirror : setup.mirrors()) {
      String prefix = mirror.prefixFor(TITLE);
      document("RegistryMirrorConfig", mirror.registry(), lines);
      lines.add("endpoints:");
      lines.add("  - url: " + TextLiteral.quoted(endpoint(setup, prefix)));
      if (!prefix.isEmpty()) {
        lines.add("    overridePath: true");
      }
      if (!setup.fallsBack()) {
        lines.add("skipFallback: true");
      }
    }
    if (setup.username().isPresent()) {
      document("RegistryAuthConfig", setup.host(), lines);
      lines.add("username: " + TextLiteral.quoted(setup.username().get()));
      lines.add("password: " + TextLiteral.quoted(NodeSetup.PASSWORD));
    }
    if (hasTls(setup)) {
      document("RegistryTLSConfig", setup.host(), lines);
      if (setup.skipsVerify()) {
        lines.add("insecureSkipVerify: true");
      }
      if (wantsCa(setup)) {
        lines.add("ca: |-");
      }
    }
    return String.join("\n", lines);
  }

  private static void document(String kind, String name, List<String> lines) {
    if (!lines.isEmpty()) {
      lines.add("---");
    }
    lines.add("apiVersion: v1alpha1");
    lines.add("kind: " + kind);
    lines.add("name: " + TextLiteral.quoted(name));
  }

  /**
   * A part of the machine's document, for Talos before 1.12.
   *
   * @throws TransferException if the mapping renames repositories one by one
   */
  static String machine(NodeSetup setup) throws TransferException {
    List<String> lines = new ArrayList<>(List.of("machine:", "  registries:", "    mirrors:"));
    for (NodeMirror mirror : setup.mirrors()) {
      String prefix = mirror.prefixFor(TITLE);
      lines.add("      " + TextLiteral.quoted(mirror.registry()) + ":");
      lines.add("        endpoints:");
      lines.add("          - " + TextLiteral.quoted(endpoint(setup, prefix)));
      if (!prefix.isEmpty()) {
        lines.add("        overridePath: true");
      }
      if (!setup.fallsBack()) {
        lines.add("        skipFallback: true");
      }
    }
    if (setup.username().isPresent() || hasTls(setup)) {
      lines.add("    config:");
      lines.add("      " + TextLiteral.quoted(setup.host()) + ":");
    }
    if (setup.username().isPresent()) {
      lines.add("        auth:");
      lines.add("          username: " + TextLiteral.quoted(setup.username().get()));
      lines.add("          password: " + TextLiteral.quoted(NodeSetup.PASSWORD));
    }
    if (hasTls(setup)) {
      lines.add("        tls:");
      if (setup.skipsVerify()) {
        lines.add("          insecureSkipVerify: true");
      }
      if (wantsCa(setup)) {
        lines.add("          # The PEM file, encoded once more in base64.");
        lines.add("          ca: |-");
      }
    }
    return String.join("\n", lines);
  }

  private static String endpoint(NodeSetup setup, String prefix) {
    return prefix.isEmpty() ? setup.url() : setup.url() + "/v2/" + prefix;
  }
}
