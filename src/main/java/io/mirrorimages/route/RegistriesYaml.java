package io.mirrorimages.route;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Text;
import io.mirrorimages.route.RegistriesFile.Config;
import io.mirrorimages.route.RegistriesFile.LocatedText;
import io.mirrorimages.route.RegistriesFile.MirrorEntry;
import io.mirrorimages.route.RegistriesFile.Rewrite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads a {@code registries.yaml}: takes what K3s takes, refuses what it refuses, and writes down
 * what it passes over in silence. For one file; not thread-safe.
 */
final class RegistriesYaml {
  private static final Set<String> TOP = Set.of("mirrors", "configs", "auths");
  private static final Set<String> OF_MIRROR = Set.of("endpoint", "rewrite");

  private final String name;
  private final List<Finding> findings = new ArrayList<>();
  private final ConfigYaml hosts = new ConfigYaml(this);

  RegistriesYaml(String name) {
    this.name = name;
  }

  RegistriesFile read(String text) {
    Map<String, MirrorEntry> mirrors = new LinkedHashMap<>();
    Map<String, Config> configs = new LinkedHashMap<>();
    try {
      Optional<Node> document = document(text);
      if (document.isPresent()) {
        read(YamlMap.of(document.get(), "the file"), mirrors, configs);
      }
    } catch (YamlMap.TypeException e) {
      throw invalid(e.line(), e.getMessage() + ": K3s does not start with it", e);
    }
    findings.sort(Comparator.comparingInt(Finding::line));
    return new RegistriesFile(name, mirrors, configs, findings);
  }

  private Optional<Node> document(String text) {
    try {
      return YamlDocument.first(text, line -> find(line, "K3s reads the first document only"));
    } catch (YamlMap.TypeException e) {
      throw invalid(e.line(), String.valueOf(e.getMessage()), e);
    }
  }

  private void read(YamlMap top, Map<String, MirrorEntry> mirrors, Map<String, Config> configs) {
    boolean flattened = false;
    for (YamlMap.Entry section : top.entries()) {
      switch (section.key()) {
        case "mirrors" -> each(section, mirrors.keySet(), e -> mirrors.put(e.key(), mirror(e)));
        case "configs" ->
            each(section, configs.keySet(), e -> configs.put(e.key(), hosts.config(e)));
        case "auths" ->
            find(
                section.line(),
                "\"auths\" is used by nothing: what docker login left is used as it is, other"
                    + " logins stand in \"configs\"");
        default -> {
          ignored(section, "beside \"mirrors\" and \"configs\"", TOP);
          flattened |= Set.of("endpoint", "rewrite", "auth", "tls").contains(section.key());
        }
      }
    }
    if (flattened || (mirrors.isEmpty() && configs.isEmpty() && !top.entries().isEmpty())) {
      find(
          top.line(),
          flattened
              ? "the file has lost its indentation: K3s uses nothing of what stands at its left"
              : "nothing in it has any effect");
    }
    RegistryKeys.check(mirrors, configs, this::find);
  }

  /** An entry of a section, or of several sections of the same name. */
  private void each(
      YamlMap.Entry section, Set<String> known, java.util.function.Consumer<YamlMap.Entry> reader) {
    for (YamlMap.Entry entry : YamlMap.of(section.value(), quoted(section)).entries()) {
      if (known.contains(entry.key())) {
        find(entry.line(), quoted(entry) + " is there twice: the later one counts");
        known.remove(entry.key());
      }
      reader.accept(entry);
    }
  }

  private MirrorEntry mirror(YamlMap.Entry entry) {
    List<LocatedText> endpoints = List.of();
    Map<String, Rewrite> rewrites = new LinkedHashMap<>();
    for (YamlMap.Entry one : YamlMap.of(entry.value(), quoted(entry)).entries()) {
      switch (one.key()) {
        case "endpoint" -> endpoints = YamlMap.texts(one.value(), "\"endpoint\"");
        case "rewrite" -> {
          for (YamlMap.Entry rewrite : YamlMap.of(one.value(), "\"rewrite\"").entries()) {
            rewrites.remove(rewrite.key());
            rewrite(rewrite).ifPresent(r -> rewrites.put(r.pattern(), r));
          }
        }
        default -> ignored(one, "in a mirror", OF_MIRROR);
      }
    }
    return new MirrorEntry(entry.line(), endpoints, List.copyOf(rewrites.values()));
  }

  private Optional<Rewrite> rewrite(YamlMap.Entry entry) {
    String replacement = YamlMap.text(entry.value(), "a replacement");
    if ((entry.key() + replacement).matches("(?s).*[\\\\\"].*")) {
      find(
          entry.line(),
          "a backslash or a quote in a rewrite makes K3s write a file that containerd can't read:"
              + " all of this mirror is lost there; write [.] for \\. and [0-9] for \\d");
    }
    try {
      return Optional.of(
          new Rewrite(entry.line(), entry.key(), GoPattern.compile(entry.key()), replacement));
    } catch (IllegalArgumentException e) {
      find(
          entry.line(),
          Text.quote(entry.key()) + " is no Go expression and is passed over: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Finds a key that has no meaning there. */
  void ignored(YamlMap.Entry entry, String where, Set<String> known) {
    String near =
        known.stream()
            .filter(k -> k.equalsIgnoreCase(entry.key()) || entry.key().equals(k + "s"))
            .findFirst()
            .map(k -> "; it is \"" + k + "\"")
            .orElse("");
    find(entry.line(), "K3s ignores " + KeyText.ignored(entry.key(), where) + " " + where + near);
  }

  static String quoted(YamlMap.Entry entry) {
    return KeyText.host(entry.key());
  }

  void find(int line, String text) {
    findings.add(new Finding(name, line, text));
  }

  InvalidContentException invalid(int line, String text, @Nullable Throwable cause) {
    return new InvalidContentException(new Finding(name, line, text).toString(), cause);
  }
}
