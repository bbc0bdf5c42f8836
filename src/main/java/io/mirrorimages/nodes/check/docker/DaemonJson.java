package io.mirrorimages.nodes.check.docker;

import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.CertificateFolders;
import io.mirrorimages.nodes.check.ConfigFile;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.ResolvedOnce;
import io.mirrorimages.nodes.check.Uncovered;
import io.mirrorimages.nodes.check.containerd.CertsTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The readers that a {@code daemon.json} has: Docker, with one of its two image stores. */
public final class DaemonJson {
  private DaemonJson() {}

  /**
   * Reads a file. Where it does not name the image store, both are answered for if there are {@code
   * hosts.toml} files, which only the one of containerd reads; else the former one.
   *
   * @param certificates folder with a folder for each host, such as {@code /etc/docker/certs.d}
   * @param logins of the user who pulls
   * @param images the images that findings are about
   * @return empty if Docker does not start with the file, which is noted in {@code findings}
   * @throws InvalidContentException with a line for the user, if there is no such file
   */
  public static List<NodeReader> readers(
      Path file,
      Path certificates,
      NodeLogins logins,
      Collection<Reference> images,
      FindingLog findings) {
    return parse(ConfigFile.read(file), certificates, logins, images, findings);
  }

  static List<NodeReader> parse(
      ConfigFile file,
      Path certificates,
      NodeLogins logins,
      Collection<Reference> images,
      FindingLog findings) {
    Optional<DaemonSettings> read =
        file.parse(
            text -> new DaemonFile(file.name(), findings).read(text),
            "Docker does not start with it",
            findings);
    if (read.isEmpty()) {
      return List.of();
    }
    boolean hosts = hasHosts(certificates);
    Optional<Boolean> store = read.get().containerdStore();
    ClassicStore classic =
        new ClassicStore(read.get(), new CertificateFolders(List.of(certificates)), logins);
    List<NodeReader> readers = new ArrayList<>();
    if (!store.orElse(false)) {
      readers.add(new ResolvedOnce(classic));
    }
    if (store.orElse(hosts)) {
      NodeReader tree =
          hosts ? CertsTree.read(certificates, Map.of(), List.of(), findings) : classic;
      readers.add(new ResolvedOnce(new ContainerdStore(read.get(), tree, classic, logins)));
    } else if (hosts) {
      findings.add(
          FindingKind.NO_EFFECT,
          certificates.toString(),
          0,
          "the hosts.toml files are read with \"containerd-snapshotter\": true only, and Docker 28"
              + " or later");
    }
    // The last one covers the most.
    Uncovered.find(readers.getLast(), images, file.name(), findings);
    return readers;
  }

  private static boolean hasHosts(Path certificates) {
    if (!Files.isDirectory(certificates)) {
      return false;
    }
    try (Stream<Path> folders = Files.list(certificates)) {
      return folders.anyMatch(folder -> Files.exists(folder.resolve("hosts.toml")));
    } catch (IOException e) {
      throw new InvalidContentException(
          "cannot read the folder " + certificates + ": " + ErrorWords.of(e), e);
    }
  }
}
