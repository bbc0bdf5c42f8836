package io.mirrorimages.tls;

import io.mirrorimages.image.DockerHub;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The certificates that this machine keeps for other programs: the system's authorities, where
 * OpenSSL and Go find them, and what docker and podman have been given for single registries.
 * Unreadable files among them are skipped, since the user did not name them. Thread-safe; files are
 * read when they are asked for.
 */
public final class KeptCertificates {
  /** The bundles of Debian, of Fedora and RHEL, of SUSE, of OpenELEC, of RHEL 7, of Alpine. */
  private static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/pki/tls/cacert.pem"),
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private static final List<Path> FOLDERS =
      List.of(Path.of("/etc/ssl/certs"), Path.of("/etc/pki/tls/certs"));

  private static final List<Path> SITES =
      List.of(Path.of("/etc/containers/certs.d"), Path.of("/etc/docker/certs.d"));

  private static final int HTTPS = 443;

  private final List<Path> bundles;
  private final List<Path> folders;
  private final List<Path> sites;

  KeptCertificates(List<Path> bundles, List<Path> folders, List<Path> sites) {
    this.bundles = List.copyOf(bundles);
    this.folders = List.copyOf(folders);
    this.sites = List.copyOf(sites);
  }

  /**
   * What is kept for one registry.
   *
   * @param authorities whom to trust there too
   * @param certFile the certificate to show there, if there is one with a key
   * @param keyFile its key
   */
  record OfHost(
      List<X509Certificate> authorities, Optional<Path> certFile, Optional<Path> keyFile) {
    static final OfHost NOTHING = new OfHost(List.of(), Optional.empty(), Optional.empty());

    boolean isEmpty() {
      return authorities.isEmpty() && certFile.isEmpty();
    }
  }

  /** Nothing: Java's own authorities only. */
  public static KeptCertificates none() {
    return new KeptCertificates(List.of(), List.of(), List.of());
  }

  /**
   * What is kept for a user: {@code SSL_CERT_FILE} and {@code SSL_CERT_DIR} stand for the system's
   * bundle and folders; {@code certs.d} are those of the machine, and of the user's own podman and
   * docker.
   *
   * @param environment the process's variables
   * @param home the user's home directory
   */
  public static KeptCertificates ofUser(Map<String, String> environment, Path home) {
    String file = environment.getOrDefault("SSL_CERT_FILE", "");
    String folders = environment.getOrDefault("SSL_CERT_DIR", "");
    List<Path> given = new ArrayList<>();
    for (String folder : folders.split(":")) {
      if (!folder.isEmpty()) {
        given.add(Path.of(folder));
      }
    }
    List<Path> sites = new ArrayList<>();
    for (String own : List.of(".config/containers", ".config/docker", ".docker")) {
      sites.add(home.resolve(own).resolve("certs.d"));
    }
    sites.addAll(SITES);
    return new KeptCertificates(
        file.isEmpty() ? BUNDLES : List.of(Path.of(file)),
        given.isEmpty() ? FOLDERS : given,
        sites);
  }

  /** The system's authorities, each once: those of the first bundle there is, and of folders. */
  List<X509Certificate> authorities() {
    Set<X509Certificate> found = new LinkedHashSet<>();
    for (Path bundle : bundles) {
      found.addAll(PemFiles.readable(bundle));
      if (!found.isEmpty()) {
        break;
      }
    }
    Set<Path> seen = new LinkedHashSet<>();
    for (Path folder : folders) {
      for (Path file : filesOf(folder, "*")) {
        if (seen.add(real(file))) {
          found.addAll(PemFiles.readable(file));
        }
      }
    }
    return List.copyOf(found);
  }

  /**
   * What is kept for a server.
   *
   * @param host name or address, IPv6 without brackets
   */
  OfHost of(String host, int port) {
    List<X509Certificate> authorities = new ArrayList<>();
    Optional<Path> certFile = Optional.empty();
    Optional<Path> keyFile = Optional.empty();
    for (Path site : sites) {
      for (String name : names(host, port)) {
        Path folder = site.resolve(name);
        filesOf(folder, "*.crt").forEach(file -> authorities.addAll(PemFiles.readable(file)));
        for (Path cert : filesOf(folder, "*.cert")) {
          String stem = cert.getFileName().toString().replaceFirst("[.]cert$", "");
          Path key = cert.resolveSibling(stem + ".key");
          if (certFile.isEmpty() && CertifiedKey.isUsable(cert, key)) {
            certFile = Optional.of(cert);
            keyFile = Optional.of(key);
          }
        }
      }
    }
    return authorities.isEmpty() && certFile.isEmpty()
        ? OfHost.NOTHING
        : new OfHost(List.copyOf(authorities), certFile, keyFile);
  }

  /** As images name the registry there. */
  private static List<String> names(String host, int port) {
    List<String> names = new ArrayList<>();
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    for (String name : new LinkedHashSet<>(List.of(bracketed, DockerHub.registryOf(bracketed)))) {
      names.add(name + ":" + port);
      if (port == HTTPS) {
        names.add(name);
      }
    }
    return names;
  }

  private static List<Path> filesOf(Path folder, String pattern) {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
        found.forEach(files::add);
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        // A folder that others keep for themselves.
      }
    }
    files.sort(null);
    return files;
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file;
    }
  }
}
