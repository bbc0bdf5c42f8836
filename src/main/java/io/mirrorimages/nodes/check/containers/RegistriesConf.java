package io.mirrorimages.nodes.check.containers;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.CertificateFolders;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.nodes.check.ResolvedOnce;
import io.mirrorimages.nodes.check.Uncovered;
import io.mirrorimages.nodes.check.toml.TomlException;
import io.mirrorimages.nodes.check.toml.TomlParser;
import io.mirrorimages.nodes.check.toml.TomlTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code registries.conf} in the format of version 2: the longest prefix wins, and is replaced by
 * the location of each mirror, then by its own. There are no expressions, and no path in front of
 * the API.
 */
public final class RegistriesConf implements NodeReader {
  private static final Set<String> OF_TOP =
      Set.of(
          "registries",
          "registry",
          "unqualified-search-registries",
          "short-name-mode",
          "credential-helpers",
          "additional-layer-store-auth-helper",
          "aliases");
  private static final Set<String> OF_REGISTRY =
      Set.of("prefix", "location", "insecure", "blocked", "mirror", "mirror-by-digest-only");
  private static final Set<String> OF_MIRROR = Set.of("location", "insecure", "pull-from-mirror");

  private final String name;
  private final CertificateFolders certificates;
  private final FindingLog findings;
  private final List<PrefixEntry> entries = new ArrayList<>();

  /** Where images below a prefix are. */
  private record PrefixEntry(
      String prefix, PrefixPlace own, boolean blocked, List<PrefixPlace> mirrors) {}

  /** A location; empty where the name stays as it is. */
  private record PrefixPlace(int line, String location, boolean insecure, String pulls) {

    /** Whether names with it can be parsed; where one can't, no other place is asked either. */
    boolean isUsable() {
      return !location.startsWith("[") && !location.endsWith("/");
    }
  }

  private RegistriesConf(String name, List<Path> certificates, FindingLog findings) {
    this.name = name;
    this.certificates = new CertificateFolders(certificates);
    this.findings = findings;
  }

  /**
   * Reads a file.
   *
   * @param certificates folders with a folder of certificates for each host, such as {@code
   *     /etc/containers/certs.d}; the first that has one counts
   * @param images the images that findings are about
   * @return empty if nothing is pulled with the file, which is noted in {@code findings}
   * @throws InvalidContentException with a line for the user, if there is no such file
   */
  public static Optional<NodeReader> read(
      Path file, List<Path> certificates, Collection<Reference> images, FindingLog findings) {
    try {
      return parse(file.toString(), Files.readString(file), certificates, images, findings);
    } catch (IOException e) {
      throw new InvalidContentException("cannot read " + file + ": " + ErrorWords.of(e), e);
    }
  }

  static Optional<NodeReader> parse(
      String name,
      String text,
      List<Path> certificates,
      Collection<Reference> images,
      FindingLog findings) {
    RegistriesConf conf = new RegistriesConf(name, certificates, findings);
    try {
      conf.fill(TomlParser.parse(text));
    } catch (TomlException e) {
      conf.find(FindingKind.INVALID_FILE, e.line(), e.getMessage() + ": nothing is pulled with it");
      return Optional.empty();
    }
    NodeReader once = new ResolvedOnce(conf);
    Uncovered.find(once, images, name, findings);
    return Optional.of(once);
  }

  @Override
  public String label() {
    return "CRI-O, Podman (registries.conf)";
  }

  @Override
  public Resolution resolve(Reference image) {
    String full = image.repository().toString();
    List<NodeAttempt> attempts = new ArrayList<>();
    Optional<PrefixEntry> entry =
        entries.stream()
            .filter(one -> matched(one.prefix(), full) > 0)
            .max(Comparator.comparingInt(one -> one.prefix().length()));
    if (entry.isEmpty()) {
      add(full, false, true, "no [[registry]] for it", attempts);
      return new Resolution(label(), image, attempts);
    }
    int length = matched(entry.get().prefix(), full);
    boolean usable = entry.get().own().isUsable();
    usable &= entry.get().mirrors().stream().allMatch(PrefixPlace::isUsable);
    String other = image.digest().isPresent() ? "tag-only" : "digest-only";
    for (PrefixPlace mirror : entry.get().mirrors()) {
      if (!mirror.pulls().equals(other)) {
        String there = mirror.location() + full.substring(length);
        add(there, mirror.insecure(), false, name + ":" + mirror.line(), attempts);
      }
    }
    if (!entry.get().blocked()) {
      PrefixPlace own = entry.get().own();
      String there = own.location().isEmpty() ? full : own.location() + full.substring(length);
      boolean same = there.equals(full);
      String why = same ? "the registry itself" : name + ":" + own.line();
      add(there, own.insecure(), same, why, attempts);
    }
    return new Resolution(
        label(),
        image,
        usable
            ? attempts
            : attempts.stream().map(one -> one.refused("a location can't be used")).toList());
  }

  @Override
  public boolean isMirror(String registry) {
    return entries.stream()
        .flatMap(entry -> entry.mirrors().stream())
        .anyMatch(mirror -> (mirror.location() + "/").startsWith(registry + "/"));
  }

  /** How much of a name a prefix takes; 0 if it is not its prefix. */
  private static int matched(String prefix, String full) {
    if (!prefix.startsWith("*.")) {
      return (full + "/").startsWith(prefix + "/") ? prefix.length() : 0;
    }
    String domain = (prefix + "/").substring(1, (prefix + "/").indexOf('/'));
    String path = prefix.substring(1 + domain.length());
    int host = (full + "/").indexOf('/');
    boolean fits =
        full.substring(0, host).endsWith(domain)
            && (full.substring(host) + "/").startsWith(path + "/");
    return fits ? host + path.length() : 0;
  }

  private void add(
      String full, boolean insecure, boolean isDefault, String why, List<NodeAttempt> attempts) {
    int slash = full.indexOf('/');
    String host = slash < 0 ? full : full.substring(0, slash);
    NodeTls found = certificates.of(host);
    NodeAttempt attempt =
        new NodeAttempt(
            "https",
            DockerHub.serverOf(host),
            "/v2",
            full.substring(Math.min(full.length(), host.length() + 1)),
            isDefault,
            NodeLogin.ANONYMOUS,
            insecure ? found.withoutVerification(why) : found,
            why,
            Optional.empty());
    attempts.add(attempt);
    if (insecure) {
      attempts.add(attempt.over("http"));
    }
  }

  private void fill(TomlTable top) {
    if (top.table("registries").isPresent()) {
      boolean mixed = !top.tables("registry").isEmpty();
      find(
          mixed ? FindingKind.INVALID_FILE : FindingKind.OLD_FORMAT,
          top.line("registries"),
          mixed
              ? "[registries.*] of version 1 beside [[registry]] of version 2: the file is refused"
              : "[registries.*] is the format of version 1, which has no mirrors: write"
                  + " [[registry]] with [[registry.mirror]]");
    }
    unknown(top, OF_TOP);
    types(top);
    List<TomlTable> registries = top.tables("registry");
    conflicts(registries, "insecure");
    conflicts(registries, "blocked");
    registries.forEach(this::registry);
  }

  /** Keys that have no effect here stop the reader if their values have another type. */
  private static void types(TomlTable top) {
    top.listOfTexts("unqualified-search-registries");
    top.listOfTexts("credential-helpers");
    top.text("additional-layer-store-auth-helper");
    top.table("aliases");
    String mode = top.text("short-name-mode").orElse("");
    if (!Set.of("", "enforcing", "permissive", "disabled").contains(mode)) {
      throw new TomlException(
          top.line("short-name-mode"),
          Text.quote(mode) + " is no short-name-mode: write enforcing, permissive or disabled");
    }
  }

  private static void conflicts(List<TomlTable> registries, String key) {
    Map<String, TomlTable> first = new HashMap<>();
    for (TomlTable one : registries) {
      String location = place(one, "location");
      String name = location.isEmpty() ? place(one, "prefix") : location;
      TomlTable other = first.putIfAbsent(name, one);
      if (other != null && other.truth(key) != one.truth(key)) {
        throw new TomlException(
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

  private void registry(TomlTable one) {
    unknown(one, OF_REGISTRY);
    String location = place(one, "location");
    String prefix = one.text("prefix").isPresent() ? place(one, "prefix") : location;
    if (prefix.isEmpty() || (location.isEmpty() && !prefix.startsWith("*."))) {
      throw new TomlException(
          one.line(), "a [[registry]] has no location; only a prefix as *.example.com needs none");
    }
    String pulls = one.truth("mirror-by-digest-only") ? "digest-only" : "all";
    List<PrefixPlace> mirrors = new ArrayList<>();
    for (TomlTable mirror : one.tables("mirror")) {
      unknown(mirror, OF_MIRROR);
      // Slashes at the end of a mirror stay, other than elsewhere.
      String there = place(mirror, "location").isEmpty() ? "" : mirror.text("location").orElse("");
      if (there.isEmpty()) {
        throw new TomlException(mirror.line(), "a mirror has no location");
      }
      mirrors.add(
          usable(
              new PrefixPlace(
                  mirror.line("location"),
                  there,
                  mirror.truth("insecure"),
                  mirror.text("pull-from-mirror").orElse(pulls))));
    }
    boolean blocked = one.truth("blocked");
    if (!mirrors.isEmpty() && !blocked && (location.isEmpty() || location.equals(prefix))) {
      find(
          FindingKind.FALLS_BACK,
          one.line(),
          prefix + " itself is asked where the mirror fails: add blocked = true to stop that");
    }
    entries.add(
        new PrefixEntry(
            prefix,
            usable(new PrefixPlace(one.line("location"), location, one.truth("insecure"), "all")),
            blocked,
            mirrors));
  }

  private PrefixPlace usable(PrefixPlace place) {
    if (!place.isUsable()) {
      find(
          FindingKind.BAD_ENDPOINT,
          place.line(),
          Text.quote(place.location())
              + " makes no valid name, and pulls with it fail: "
              + (place.location().startsWith("[")
                  ? "write a name in place of the IPv6 address"
                  : "leave out the slash at its end"));
    }
    return place;
  }

  private static String place(TomlTable table, String key) {
    String text = table.text(key).orElse("");
    if (text.contains("://")) {
      throw new TomlException(
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
