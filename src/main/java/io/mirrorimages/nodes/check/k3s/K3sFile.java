package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.ConfigFile;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.ConfigEntry;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.K3sMirror;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.RewriteRule;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.WrittenEndpoint;
import io.mirrorimages.route.GoPattern;
import io.mirrorimages.route.KeyText;
import io.mirrorimages.route.YamlDocument;
import io.mirrorimages.route.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a {@code registries.yaml} as K3s does, and notes what K3s ignores in silence. */
public final class K3sFile {
  private static final Set<String> TOP = Set.of("mirrors", "configs", "auths");
  private static final Set<String> OF_MIRROR = Set.of("endpoint", "rewrite");
  private static final Set<String> INNER = Set.of("endpoint", "rewrite", "auth", "tls");

  private final String name;
  private final FindingLog findings;
  private final Map<String, K3sMirror> mirrors = new LinkedHashMap<>();
  private final Map<String, ConfigEntry> configs = new LinkedHashMap<>();

  K3sFile(String name, FindingLog findings) {
    this.name = name;
    this.findings = findings;
  }

  /**
   * Reads a file.
   *
   * @return empty if K3s would not start with it, which is noted in {@code findings}
   * @throws InvalidContentException with a line for the user, if there is no such text file
   */
  public static Optional<K3sRegistries> read(Path file, FindingLog findings) {
    ConfigFile read = ConfigFile.read(file);
    return parse(read.name(), read.text(), findings);
  }

  /** Reads text; see {@link #read}. */
  static Optional<K3sRegistries> parse(String name, String text, FindingLog findings) {
    K3sFile file = new K3sFile(name, findings);
    OddSpaces.find(name, text, findings);
    try {
      Optional<Node> document =
          YamlDocument.first(
              text,
              line ->
                  file.find(
                      FindingKind.UNKNOWN_KEY,
                      line,
                      "only the first document is read: merge this one into it"));
      document.ifPresent(node -> file.readTop(YamlMap.of(node, "the file")));
      return Optional.of(new K3sRegistries(name, file.mirrors, file.configs));
    } catch (YamlMap.TypeException e) {
      file.find(
          FindingKind.INVALID_FILE, e.line(), e.getMessage() + ": K3s does not start with it");
      return Optional.empty();
    }
  }

  private void readTop(YamlMap top) {
    boolean flattened = false;
    for (YamlMap.Entry section : top.entries()) {
      switch (section.key()) {
        case "mirrors" -> each(section, mirrors, e -> mirrors.put(e.key(), mirror(e)));
        case "configs" -> each(section, configs, this::config);
        case "auths" ->
            find(
                FindingKind.UNKNOWN_KEY,
                section.line(),
                "nothing reads \"auths\": write auth below its host in \"configs\"");
        default -> {
          flattened |= INNER.contains(section.key()) || looksLikeHost(section.key());
          ignored(section, "beside \"mirrors\" and \"configs\"", TOP);
        }
      }
    }
    boolean empty = mirrors.isEmpty() && configs.isEmpty();
    if (flattened) {
      find(
          FindingKind.FLATTENED,
          top.line(),
          "the file has lost its indentation"
              + (empty
                  ? ": K3s starts and uses no mirror, login or CA of it"
                  : ": what stands at the left is not used")
              + "; indent hosts below \"mirrors\" or \"configs\"");
    } else if (empty && !top.entries().isEmpty()) {
      find(FindingKind.NO_EFFECT, top.line(), "nothing in the file has any effect");
    }
  }

  private static boolean looksLikeHost(String key) {
    return key.equals("*") || key.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+(:[0-9]+)?");
  }

  private <T> void each(
      YamlMap.Entry section, Map<String, T> known, Consumer<YamlMap.Entry> reader) {
    for (YamlMap.Entry entry : YamlMap.of(section.value(), quoted(section)).entries()) {
      if (known.containsKey(entry.key())) {
        find(
            FindingKind.DUPLICATE_KEY,
            entry.line(),
            quoted(entry) + " is there twice: the later one counts");
      }
      reader.accept(entry);
    }
  }

  private K3sMirror mirror(YamlMap.Entry entry) {
    List<WrittenEndpoint> endpoints = new ArrayList<>();
    Map<String, RewriteRule> rewrites = new LinkedHashMap<>();
    for (YamlMap.Entry one : YamlMap.of(entry.value(), quoted(entry)).entries()) {
      switch (one.key()) {
        case "endpoint" ->
            YamlMap.texts(one.value(), "\"endpoint\"")
                .forEach(text -> endpoints.add(new WrittenEndpoint(text.line(), text.value())));
        case "rewrite" ->
            YamlMap.of(one.value(), "\"rewrite\"")
                .entries()
                .forEach(rewrite -> rewrites.put(rewrite.key(), rewrite(rewrite)));
        default -> ignored(one, "in a mirror", OF_MIRROR);
      }
    }
    return new K3sMirror(entry.line(), endpoints, List.copyOf(rewrites.values()));
  }

  private RewriteRule rewrite(YamlMap.Entry entry) {
    Optional<GoPattern> compiled = Optional.empty();
    try {
      compiled = Optional.of(GoPattern.compile(entry.key()));
    } catch (IllegalArgumentException e) {
      find(
          FindingKind.REWRITE_INVALID,
          entry.line(),
          Text.quote(entry.key()) + " is no Go expression and is skipped: " + e.getMessage());
    }
    return new RewriteRule(
        entry.line(), entry.key(), compiled, YamlMap.text(entry.value(), "a replacement"));
  }

  private void config(YamlMap.Entry entry) {
    if (entry.key().equals("auth") || entry.key().equals("tls")) {
      find(
          FindingKind.AUTH_BESIDE_HOST,
          entry.line(),
          quoted(entry) + " stands beside its host and is taken for a host: indent it below");
    }
    configs.put(entry.key(), new HostConfigYaml(name, findings).read(entry));
  }

  /** Notes a key that has no meaning there. */
  private void ignored(YamlMap.Entry entry, String where, Set<String> known) {
    find(FindingKind.UNKNOWN_KEY, entry.line(), HostConfigYaml.ignored(entry, where, known));
  }

  private static String quoted(YamlMap.Entry entry) {
    return KeyText.host(entry.key());
  }

  private void find(FindingKind kind, int line, String text) {
    findings.add(kind, name, line, text);
  }
}
