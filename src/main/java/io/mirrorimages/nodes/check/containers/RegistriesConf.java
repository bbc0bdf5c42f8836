package io.mirrorimages.nodes.check.containers;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.nodes.check.CertificateFolders;
import io.mirrorimages.nodes.check.ConfigFile;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.nodes.check.ResolvedOnce;
import io.mirrorimages.nodes.check.Uncovered;
import io.mirrorimages.nodes.check.toml.TomlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A {@code registries.conf} in the format of version 2 with the files of its folder: the longest
 * prefix wins, and is replaced by the location of each mirror, then by its own. There are no
 * expressions, and no path in front of the API. Thread-safe.
 */
public final class RegistriesConf implements NodeReader {
  /** The helper that stands for auth files. */
  private static final String AUTH_FILES = "containers-auth.json";

  private final ContainersRegistries registries;
  private final CertificateFolders certificates;
  private final NodeLogins logins;

  private RegistriesConf(
      ContainersRegistries registries, List<Path> certificates, NodeLogins logins) {
    this.registries = registries;
    this.certificates = new CertificateFolders(certificates);
    boolean read =
        registries
            .helpers()
            .filter(helpers -> !helpers.texts().isEmpty())
            .map(helpers -> helpers.texts().contains(AUTH_FILES))
            .orElse(true);
    this.logins = read ? logins : NodeLogins.NONE;
  }

  /**
   * Reads a file, and then each {@code *.conf} of the folder with its name and {@code .d}, by name:
   * later ones replace whole entries, aliases and lists.
   *
   * @param certificates folders with a folder of certificates for each host, such as {@code
   *     /etc/containers/certs.d}; the first that has one counts
   * @param logins of an auth file
   * @param images the images that findings are about
   * @return empty if nothing is pulled with the files, which is noted in {@code findings}
   * @throws InvalidContentException with a line for the user, if there is no such file
   */
  public static Optional<NodeReader> read(
      Path file,
      List<Path> certificates,
      NodeLogins logins,
      Collection<Reference> images,
      FindingLog findings) {
    List<ConfigFile> files = new ArrayList<>();
    files.add(ConfigFile.read(file));
    dropIns(file).forEach(one -> files.add(ConfigFile.read(one)));
    return parse(files, certificates, logins, images, findings);
  }

  private static List<Path> dropIns(Path file) {
    Path folder = file.resolveSibling(file.getFileName() + ".d");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(one -> one.toString().endsWith(".conf") && !Files.isDirectory(one))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new InvalidContentException(
          "cannot read the folder " + folder + ": " + ErrorWords.of(e), e);
    }
  }

  /** Reads texts, the file itself first; see {@link #read}. */
  static Optional<NodeReader> parse(
      List<ConfigFile> files,
      List<Path> certificates,
      NodeLogins logins,
      Collection<Reference> images,
      FindingLog findings) {
    ContainersRegistries all = null;
    for (ConfigFile file : files) {
      boolean dropIn = all != null;
      Optional<ContainersRegistries> read =
          file.parse(
              text ->
                  new RegistriesConfFile(file.name(), findings)
                      .read(TomlParser.parse(text), dropIn),
              "nothing is pulled with it",
              findings);
      if (read.isEmpty()) {
        return Optional.empty();
      }
      if (all != null) {
        replaced(all, read.get(), findings);
      }
      all = all == null ? read.get() : all.with(read.get());
    }
    if (all == null) {
      return Optional.empty();
    }
    new RegistriesConfLint(all, findings).run(images);
    NodeReader conf = new ResolvedOnce(new RegistriesConf(all, certificates, logins));
    Uncovered.find(conf, images, files.getFirst().name(), findings);
    return Optional.of(conf);
  }

  private static void replaced(
      ContainersRegistries all, ContainersRegistries later, FindingLog findings) {
    all.forEachReplaced(
        later,
        (former, entry) ->
            findings.add(
                FindingKind.DUPLICATE_KEY,
                entry.own().file(),
                entry.line(),
                entry.prefix()
                    + " has a [[registry]] in "
                    + former.at()
                    + ", which this one replaces with all its mirrors"));
  }

  @Override
  public String label() {
    return "CRI-O, Podman (registries.conf)";
  }

  @Override
  public Resolution resolve(Reference image) {
    String full = image.repository().toString();
    List<NodeAttempt> attempts = new ArrayList<>();
    Optional<PrefixEntry> found = registries.find(full);
    if (found.isEmpty()) {
      attempts.addAll(attempts(full, false, true, "no [[registry]] for it"));
      return new Resolution(label(), image, attempts);
    }
    PrefixEntry entry = found.get();
    int length = entry.matched(full);
    boolean usable = entry.own().isUsable(full, length);
    usable &= entry.mirrors().stream().allMatch(mirror -> mirror.isUsable(full, length));
    for (PrefixPlace mirror : entry.mirrors()) {
      if (mirror.serves(image.digest().isPresent())) {
        String there = mirror.rename(full, length);
        attempts.addAll(attempts(there, mirror.insecure(), false, mirror.at()));
      }
    }
    String there = entry.own().rename(full, length);
    boolean itself = there.equals(full);
    if (!itself || !entry.blocked()) {
      String why = itself ? "the registry itself" : entry.own().at();
      attempts.addAll(attempts(there, entry.own().insecure(), itself, why));
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
    return registries.entries().values().stream()
        .flatMap(entry -> entry.mirrors().stream())
        .anyMatch(mirror -> (mirror.location() + "/").startsWith(registry + "/"));
  }

  /** A place, over https and, if it is insecure, over http. */
  private List<NodeAttempt> attempts(String full, boolean insecure, boolean isDefault, String why) {
    Optional<PrefixEntry> there = registries.find(full);
    boolean skips = insecure || there.filter(one -> one.own().insecure()).isPresent();
    int slash = full.indexOf('/');
    String host = slash < 0 ? full : full.substring(0, slash);
    String path = full.substring(Math.min(full.length(), host.length() + 1));
    NodeTls found = certificates.of(host);
    NodeAttempt attempt =
        new NodeAttempt(
            "https",
            DockerHub.serverOf(host),
            "/v2",
            path,
            isDefault,
            logins.of(new Repository(host, path)),
            skips ? found.withoutVerification(why) : found,
            why,
            there.filter(PrefixEntry::blocked).map(one -> "blocked (" + one.at() + ")"));
    return skips && attempt.refusal().isEmpty()
        ? List.of(attempt, attempt.over("http"))
        : List.of(attempt);
  }
}
