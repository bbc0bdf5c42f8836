package io.mirrorimages.nodes.check.containerd;

import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.ClientCertificate;
import io.mirrorimages.nodes.check.ConfigException;
import io.mirrorimages.nodes.check.ConfigFile;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.toml.TomlParser;
import io.mirrorimages.nodes.check.toml.TomlTable;
import io.mirrorimages.route.EndpointAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A {@code hosts.toml}.
 *
 * @param hosts the tables {@code [host."..."]}, in the file's order
 * @param server what stands at the top of the file, for the host that is asked last
 */
record HostsFile(List<HostTableEntry> hosts, HostTableEntry server) {
  private static final Set<String> KNOWN =
      Set.of(
          "server",
          "host",
          "capabilities",
          "ca",
          "client",
          "skip_verify",
          "header",
          "override_path",
          "dial_timeout");
  private static final Set<String> CAPABILITIES = Set.of("pull", "resolve", "push", "referrers");

  /**
   * One host.
   *
   * @param line where it stands
   * @param address empty for the registry itself
   * @param root the path of its API
   * @param pulls whether its capabilities let images be resolved and pulled
   */
  record HostTableEntry(
      int line, Optional<EndpointAddress> address, String root, boolean pulls, NodeTls tls) {}

  /** Reads a file; empty, with a finding, if containerd drops it. */
  static Optional<HostsFile> parse(Path file, String text, String registry, FindingLog findings) {
    Reading reading = new Reading(file, findings);
    return new ConfigFile(file.toString(), text)
        .parse(
            one -> reading.read(TomlParser.parse(one), registry),
            "containerd drops the file",
            findings)
        .flatMap(Function.identity());
  }

  /** One file being read. */
  private record Reading(Path file, FindingLog findings) {

    Optional<HostsFile> read(TomlTable top, String registry) {
      unknown(top);
      Optional<TomlTable> tables = top.table("host");
      List<HostTableEntry> hosts = new ArrayList<>();
      if (tables.isPresent()) {
        for (String url : tables.get().keys()) {
          if (url.contains("[")) {
            throw new ConfigException(
                tables.get().line(url),
                Text.quote(url)
                    + " is an IPv6 address, which containerd 1.6 can't read here: write a name");
          }
          TomlTable one = tables.get().table(url).orElseThrow();
          unknown(one);
          hosts.add(entry(Optional.of(url), tables.get().line(url), one));
        }
      } else {
        find(
            FindingKind.NO_HOST_TABLE,
            1,
            "no [host.\"https://...\"] table: containerd 1.6 and older releases of 1.7 drop the"
                + " whole file, and ask "
                + registry
                + " itself");
        return Optional.empty();
      }
      Optional<String> server = top.text("server").filter(text -> !text.isEmpty());
      if (server.isEmpty() && !hosts.isEmpty()) {
        find(
            FindingKind.FALLS_BACK,
            1,
            "without \"server\", "
                + registry
                + " itself is asked where the mirror fails: name the mirror as server to stop"
                + " that");
      }
      return Optional.of(new HostsFile(hosts, entry(server, top.line("server"), top)));
    }

    private HostTableEntry entry(Optional<String> url, int line, TomlTable table) {
      List<String> capabilities = table.listOfTexts("capabilities");
      for (String capability : capabilities) {
        if (!CAPABILITIES.contains(capability)) {
          throw new ConfigException(
              table.line("capabilities"), "unknown capability " + Text.quote(capability));
        }
      }
      boolean pulls =
          capabilities.isEmpty()
              || (capabilities.contains("pull") && capabilities.contains("resolve"));
      if (!pulls && url.isPresent()) {
        find(
            FindingKind.BAD_ENDPOINT,
            table.line("capabilities"),
            "tags are not pulled from here: capabilities needs \"pull\" and \"resolve\"");
      }
      Optional<EndpointAddress> address = url.map(text -> address(text, line));
      boolean override = table.truth("override_path");
      String root =
          !override && url.filter(text -> text.matches("[^/]*(//[^/]*)?/")).isPresent()
              ? rootBehindSlash(url.get(), line)
              : address.map(a -> root(a, override, line)).orElse("/v2");
      NodeTls tls = tls(table, url.orElse(""), line);
      if (address.filter(a -> a.scheme().equals("http")).isPresent()
          && !tls.equals(NodeTls.SYSTEM)) {
        find(
            FindingKind.HTTP_WITH_TLS,
            line,
            "the host is http, but has certificates or skip_verify: https is tried first");
      }
      return new HostTableEntry(line, address, root, pulls, tls);
    }

    private static EndpointAddress address(String url, int line) {
      try {
        return EndpointAddress.parse(url.startsWith("http") ? url : "https://" + url);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(line, Text.quote(url) + ": " + e.getMessage());
      }
    }

    /** All versions put /v2 behind the path as it stands. */
    private String rootBehindSlash(String url, int line) {
      find(
          FindingKind.PATH_WITHOUT_V2,
          line,
          "/v2 is appended to the slash at the end, which makes //v2: write "
              + url.replaceFirst("/$", ""));
      return "//v2";
    }

    private String root(EndpointAddress address, boolean override, int line) {
      // The address has /v2 where no path was written.
      String path = EndpointAddress.clean(address.path());
      boolean usual = path.equals("/v2");
      String root = override || path.endsWith("/v2") ? path : path + "/v2";
      if (!usual && !override && !path.endsWith("/v2")) {
        find(
            FindingKind.PATH_WITHOUT_V2,
            line,
            "/v2 is appended to the path, which makes "
                + root
                + ": write "
                + address.scheme()
                + "://"
                + address.host()
                + ((path + "/").startsWith("/v2/") ? path : "/v2" + path)
                + " and override_path = true");
      } else if (override && !(path + "/").startsWith("/v2/")) {
        find(
            FindingKind.PATH_WITHOUT_V2,
            line,
            "with override_path the path takes the place of /v2: for a project write /v2" + path);
      }
      return root;
    }

    private NodeTls tls(TomlTable table, String host, int line) {
      Optional<Path> ca = table.texts("ca").stream().findFirst().map(this::path);
      List<?> client = table.array("client");
      Object first = client.isEmpty() ? null : client.getFirst();
      List<?> pair = first instanceof List<?> list ? list : client;
      Optional<Path> cert = file(pair, 0);
      Optional<Path> key = file(pair, 1);
      boolean skips = table.truth("skip_verify");
      if (ca.isEmpty() && cert.isEmpty() && !skips) {
        return NodeTls.SYSTEM;
      }
      // A file with certificate and key in one is a pair of itself.
      boolean both = first instanceof String && cert.isPresent() && key.isEmpty();
      NodeTls tls = new NodeTls(ca, cert, both ? cert : key, skips, file + ":" + line);
      String name = host.replaceFirst("^https?://", "").replaceFirst("/.*", "");
      ClientCertificate.check(
          tls, name, "the client certificate", "its key", file.toString(), line, findings);
      return tls;
    }

    private Optional<Path> file(List<?> pair, int index) {
      return pair.size() > index && pair.get(index) instanceof String name && !name.isEmpty()
          ? Optional.of(path(name))
          : Optional.empty();
    }

    /** Beside the file, unless it is absolute. */
    private Path path(String name) {
      return file.resolveSibling(name);
    }

    private void unknown(TomlTable table) {
      for (String key : table.keys()) {
        if (!KNOWN.contains(key)) {
          find(
              FindingKind.UNKNOWN_KEY,
              table.line(key),
              "containerd ignores "
                  + Text.quote(key)
                  + (key.equals("rewrite") ? ": rewrites are a part of K3s and RKE2 only" : ""));
        }
      }
    }

    private void find(FindingKind kind, int line, String text) {
      findings.add(kind, file.toString(), line, text);
    }
  }
}
