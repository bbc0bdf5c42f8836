package io.mirrorimages.nodes.check.containers;

import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.ConfigException;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.containers.ContainersRegistries.LocatedTexts;
import io.mirrorimages.nodes.check.toml.TomlTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads one {@code registries.conf}, or one file of its folder, into values with lines. */
final class RegistriesConfFile {
  private static final String SEARCH = "unqualified-search-registries";
  private static final String HELPERS = "credential-helpers";
  private static final Set<String> OF_TOP =
      Set.of(
          "registries",
          "registry",
          SEARCH,
          "short-name-mode",
          HELPERS,
          "additional-layer-store-auth-helper",
          "aliases");
  private static final Set<String> OF_REGISTRY =
      Set.of("prefix", "location", "insecure", "blocked", "mirror", "mirror-by-digest-only");
  private static final Set<String> OF_MIRROR = Set.of("location", "insecure", "pull-from-mirror");
  private static final Set<String> PULLS = Set.of("all", "digest-only", "tag-only");
  private static final String HOST = "[A-Za-z0-9.-]+(:[0-9]+)?";
  private static final String PATH = "(/[a-z0-9]+([._-]+[a-z0-9]+)*)";

  private final String name;
  private final FindingLog findings;

  RegistriesConfFile(String name, FindingLog findings) {
    this.name = name;
    this.findings = findings;
  }

  /**
   * The values of a file.
   *
   * @param dropIn whether it is one of the folder, where the format of version 1 is refused
   * @throws ConfigException if the reader refuses the file
   */
  ContainersRegistries read(TomlTable top, boolean dropIn) {
    format(top, dropIn);
    unknown(top, OF_TOP);
    top.text("additional-layer-store-auth-helper");
    String mode = top.text("short-name-mode").orElse("");
    if (!Set.of("", "enforcing", "permissive", "disabled").contains(mode)) {
      throw new ConfigException(
          top.line("short-name-mode"),
          Text.quote(mode) + " is no short-name-mode: write enforcing, permissive or disabled");
    }
    List<TomlTable> registries = top.tables("registry");
    conflicts(registries, "insecure");
    conflicts(registries, "blocked");
    Map<String, PrefixEntry> entries = new TreeMap<>();
    for (TomlTable one : registries) {
      PrefixEntry entry = registry(one);
      PrefixEntry first = entries.putIfAbsent(entry.prefix(), entry);
      if (first != null) {
        find(
            FindingKind.DUPLICATE_KEY,
            entry.line(),
            entry.prefix() + " has a [[registry]] in line " + first.line() + ", which counts");
      }
    }
    return new ContainersRegistries(entries, search(top), aliases(top), texts(top, HELPERS));
  }

  private void format(TomlTable top, boolean dropIn) {
    if (top.table("registries").isEmpty()) {
      return;
    }
    int line = top.line("registries");
    if (dropIn) {
      throw new ConfigException(line, "[registries.*] of version 1 in a file of the folder");
    }
    if (!top.tables("registry").isEmpty()) {
      throw new ConfigException(
          line,
          "[registries.*] of version 1 beside [[registry]] of version 2: the file is refused");
    }
    find(
        FindingKind.OLD_FORMAT,
        line,
        "[registries.*] is the format of version 1, which has no mirrors: write"
            + " [[registry]] with [[registry.mirror]]");
  }

  private Optional<LocatedTexts> texts(TomlTable top, String key) {
    List<String> texts = top.listOfTexts(key);
    return top.keys().contains(key)
        ? Optional.of(new LocatedTexts(name, top.line(key), texts))
        : Optional.empty();
  }

  private Optional<LocatedTexts> search(TomlTable top) {
    Optional<LocatedTexts> search = texts(top, SEARCH);
    for (String registry : top.listOfTexts(SEARCH)) {
      if (!registry.replaceFirst("/+$", "").matches(HOST)) {
        throw new ConfigException(
            top.line(SEARCH), Text.quote(registry) + " is no host to search for short names");
      }
    }
    return search;
  }

  private Map<String, LocatedTexts> aliases(TomlTable top) {
    Map<String, LocatedTexts> aliases = new TreeMap<>();
    Optional<TomlTable> table = top.table("aliases");
    for (String alias : table.map(TomlTable::keys).orElse(Set.of())) {
      int line = table.orElseThrow().line(alias);
      String value = table.orElseThrow().text(alias).orElse("");
      if (!("/" + alias).matches(PATH + "+") || isHost(alias.replaceFirst("/.*", ""), alias)) {
        throw new ConfigException(
            line, "the alias " + Text.quote(alias) + " is no short name without tag");
      }
      boolean usable =
          value.matches(HOST + PATH + "+") && isHost(value.replaceFirst("/.*", ""), value);
      if (!value.isEmpty() && !usable) {
        throw new ConfigException(
            line, Text.quote(value) + " is no image for an alias: write host/name, without tag");
      }
      aliases.put(
          alias, new LocatedTexts(name, line, value.isEmpty() ? List.of() : List.of(value)));
    }
    return aliases;
  }

  /** Whether the first part of a name is a registry. */
  private static boolean isHost(String first, String whole) {
    return !first.equals(whole)
        && (first.contains(".") || first.contains(":") || first.equals("localhost"));
  }

  private static void conflicts(List<TomlTable> registries, String key) {
    Map<String, TomlTable> first = new HashMap<>();
    for (TomlTable one : registries) {
      String location = place(one, "location");
      String name = location.isEmpty() ? place(one, "prefix") : location;
      TomlTable other = first.putIfAbsent(name, one);
      if (other != null && other.truth(key) != one.truth(key)) {
        throw new ConfigException(
            one.line(),
            "two [[registry]] of "
                + name
                + " differ in "
                + key
                + " (line "
                + other.line()
                + "): write the same in both");
      }
    }
  }

  private PrefixEntry registry(TomlTable one) {
    String location = place(one, "location");
    String prefix = one.text("prefix").isPresent() ? place(one, "prefix") : location;
    if (prefix.isEmpty() || (location.isEmpty() && !prefix.startsWith("*."))) {
      throw new ConfigException(
          one.line(), "a [[registry]] has no location; only a prefix as *.example.com needs none");
    }
    if (prefix.startsWith("*.") && prefix.matches(".*[/@:].*")) {
      throw new ConfigException(
          one.line("prefix"),
          Text.quote(prefix) + " has more than a domain: write the prefix as *.example.com");
    }
    if (one.text("pull-from-mirror").isPresent()) {
      throw new ConfigException(
          one.line("pull-from-mirror"), "pull-from-mirror stands in a mirror, not in a registry");
    }
    unknown(one, OF_REGISTRY);
    boolean byDigest = one.truth("mirror-by-digest-only");
    List<PrefixPlace> mirrors = new ArrayList<>();
    one.tables("mirror").forEach(mirror -> mirrors.add(mirror(mirror, byDigest)));
    PrefixPlace own =
        new PrefixPlace(name, one.line("location"), location, one.truth("insecure"), "all");
    return new PrefixEntry(one.line(), prefix, own, one.truth("blocked"), mirrors);
  }

  private PrefixPlace mirror(TomlTable mirror, boolean byDigest) {
    unknown(mirror, OF_MIRROR);
    // Slashes at the end of a mirror stay, other than elsewhere.
    String there = place(mirror, "location").isEmpty() ? "" : mirror.text("location").orElse("");
    if (there.isEmpty()) {
      throw new ConfigException(mirror.line(), "a mirror has no location");
    }
    String pulls = mirror.text("pull-from-mirror").filter(text -> !text.isEmpty()).orElse("");
    if (!pulls.isEmpty() && (byDigest || !PULLS.contains(pulls))) {
      throw new ConfigException(
          mirror.line("pull-from-mirror"),
          byDigest
              ? "pull-from-mirror and mirror-by-digest-only exclude each other"
              : Text.quote(pulls) + " is no pull-from-mirror: write all, digest-only or tag-only");
    }
    String own = pulls.isEmpty() ? "all" : pulls;
    return new PrefixPlace(
        name,
        mirror.line("location"),
        there,
        mirror.truth("insecure"),
        byDigest ? "digest-only" : own);
  }

  private static String place(TomlTable table, String key) {
    String text = table.text(key).orElse("");
    if (text.startsWith("http://") || text.startsWith("https://")) {
      throw new ConfigException(
          table.line(key),
          Text.quote(text) + " has a scheme: write the host, and insecure = true for http");
    }
    return text.replaceFirst("/+$", "");
  }

  private void unknown(TomlTable table, Set<String> known) {
    for (String key : table.keys()) {
      if (!known.contains(key)) {
        find(FindingKind.UNKNOWN_KEY, table.line(key), Text.quote(key) + " is not known");
      }
    }
  }

  private void find(FindingKind kind, int line, String text) {
    findings.add(kind, name, line, text);
  }
}
