package io.mirrorimages.nodes.check.containerd;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.ConfigFile;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.ResolvedOnce;
import io.mirrorimages.nodes.check.Uncovered;
import io.mirrorimages.nodes.check.toml.TomlParser;
import io.mirrorimages.nodes.check.toml.TomlTable;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a {@code config.toml} of containerd says about registries.
 *
 * @param configPath the tree of {@code hosts.toml}, if it names one
 * @param logins by host
 * @param mirrors what it asks without such a tree; empty if this can't be, since it names one, or
 *     one is given otherwise and there are no mirrors
 */
public record ContainerdFile(
    Optional<Path> configPath, Map<String, NodeLogin> logins, Optional<NodeReader> mirrors) {
  private static final List<String> PLUGINS =
      List.of("io.containerd.cri.v1.images", "io.containerd.grpc.v1.cri");

  /** Without any file. */
  public static final ContainerdFile NONE =
      new ContainerdFile(Optional.empty(), Map.of(), Optional.empty());

  /** Copies the map. */
  public ContainerdFile {
    logins = Map.copyOf(logins);
  }

  /**
   * Reads a file.
   *
   * @param tree the tree of {@code hosts.toml} that is given beside it
   * @param images the images that findings are about
   * @throws InvalidContentException with a line for the user, if there is no such file
   */
  public static ContainerdFile read(
      Path file, Optional<Path> tree, Collection<Reference> images, FindingLog findings) {
    ConfigFile text = ConfigFile.read(file);
    ContainerdFile read = parse(text.name(), text.text(), tree, findings);
    read.mirrors().ifPresent(mirrors -> Uncovered.find(mirrors, images, file.toString(), findings));
    return read;
  }

  static ContainerdFile parse(String name, String text, Optional<Path> tree, FindingLog findings) {
    return new ConfigFile(name, text)
        .parse(
            one -> registry(name, TomlParser.parse(one), tree, findings),
            "containerd does not start with it",
            findings)
        .orElse(NONE);
  }

  private static ContainerdFile registry(
      String name, TomlTable top, Optional<Path> tree, FindingLog findings) {
    Optional<Path> configPath = Optional.empty();
    Map<String, NodeLogin> logins = new LinkedHashMap<>();
    Optional<TomlTable> found = Optional.empty();
    for (String plugin : PLUGINS) {
      Optional<TomlTable> registry = top.table("plugins", plugin, "registry");
      if (registry.isEmpty()) {
        continue;
      }
      found = found.or(() -> registry);
      Optional<String> path =
          registry.get().text("config_path").filter(written -> !written.isEmpty());
      path.ifPresent(written -> checkPath(name, written, registry.get(), findings));
      configPath =
          configPath.or(() -> path.map(written -> Path.of(written.replaceFirst(":.*", ""))));
      registry
          .get()
          .table("configs")
          .ifPresent(
              hosts -> hosts.keys().forEach(host -> login(name, hosts, host, logins, findings)));
    }
    if (configPath.isEmpty()) {
      ConfigMirrors mirrors = ConfigMirrors.read(name, found, logins, findings);
      if (mirrors.isEmpty()) {
        found.ifPresent(registry -> checkEmptyPath(name, registry, findings));
      }
      if (tree.isEmpty() || !mirrors.isEmpty()) {
        return new ContainerdFile(configPath, logins, Optional.of(new ResolvedOnce(mirrors)));
      }
    }
    return new ContainerdFile(configPath, logins, Optional.empty());
  }

  private static void checkEmptyPath(String name, TomlTable registry, FindingLog findings) {
    if (registry.keys().contains("config_path")) {
      findings.add(
          FindingKind.NO_EFFECT,
          name,
          registry.line("config_path"),
          "config_path is empty, and no hosts.toml is read: name their folder, as in config_path ="
              + " \"/etc/containerd/certs.d\"");
    }
  }

  private static void checkPath(String name, String path, TomlTable registry, FindingLog findings) {
    int line = registry.line("config_path");
    if (path.contains(":")) {
      findings.add(
          FindingKind.TWO_DIRECTORIES,
          name,
          line,
          "config_path names two directories, which containerd from 2.1 takes for one: every"
              + " hosts.toml is ignored. Name one");
    }
    if (registry.table("mirrors").filter(mirrors -> !mirrors.keys().isEmpty()).isPresent()) {
      findings.add(
          FindingKind.MIRRORS_WITH_CONFIG_PATH,
          name,
          registry.line("mirrors"),
          "mirrors and config_path exclude each other, and the CRI plugin does not load: move the"
              + " mirrors to hosts.toml");
    }
  }

  private static void login(
      String name,
      TomlTable hosts,
      String host,
      Map<String, NodeLogin> logins,
      FindingLog findings) {
    Optional<TomlTable> auth = hosts.table(host, "auth");
    if (auth.isEmpty()) {
      return;
    }
    Optional<Credential> credential =
        Credential.ofContainerd(
            auth.get().text("username").orElse(""),
            auth.get().text("password").orElse(""),
            auth.get().text("identitytoken").orElse(""),
            auth.get().text("auth").orElse(""));
    credential
        .flatMap(NodeLogin::complaint)
        .ifPresent(why -> findings.add(FindingKind.BAD_AUTH, name, secretLine(auth.get()), why));
    logins.put(host, new NodeLogin(credential, name + ":" + auth.get().line()));
  }

  private static int secretLine(TomlTable auth) {
    return Stream.of("password", "identitytoken", "auth")
        .filter(auth.keys()::contains)
        .findFirst()
        .map(auth::line)
        .orElse(auth.line());
  }
}
