package io.mirrorimages.nodes.check.docker;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
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
import io.mirrorimages.route.EndpointAddress;
import io.mirrorimages.route.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Docker with the image store of its own: {@code registry-mirrors} are for Docker Hub only, and
 * have no path and no login; all other images come from their registries.
 */
public final class DaemonJson implements NodeReader {
  private static final String MIRRORS = "registry-mirrors";
  private static final String INSECURE = "insecure-registries";

  private final String name;
  private final List<String> lines;
  private final CertificateFolders certificates;
  private final FindingLog findings;
  private final List<EndpointAddress> mirrors = new ArrayList<>();
  private final Set<String> insecure = new LinkedHashSet<>();

  private DaemonJson(String name, String text, Path certificates, FindingLog findings) {
    this.name = name;
    this.lines = text.lines().toList();
    this.certificates = new CertificateFolders(List.of(certificates));
    this.findings = findings;
  }

  /**
   * Reads a file.
   *
   * @param certificates folder with a folder of certificates for each host, such as {@code
   *     /etc/docker/certs.d}
   * @param images the images that findings are about
   * @return empty if Docker does not start with the file, which is noted in {@code findings}
   * @throws InvalidContentException with a line for the user, if there is no such file
   */
  public static Optional<NodeReader> read(
      Path file, Path certificates, Collection<Reference> images, FindingLog findings) {
    try {
      return parse(file.toString(), Files.readString(file), certificates, images, findings);
    } catch (IOException e) {
      throw new InvalidContentException("cannot read " + file + ": " + ErrorWords.of(e), e);
    }
  }

  static Optional<NodeReader> parse(
      String name,
      String text,
      Path certificates,
      Collection<Reference> images,
      FindingLog findings) {
    DaemonJson daemon = new DaemonJson(name, text, certificates, findings);
    try {
      JsonNode top = Json.parse(text.getBytes(StandardCharsets.UTF_8), "the file");
      texts(top, MIRRORS).forEach(daemon::mirror);
      texts(top, INSECURE).forEach(daemon::insecure);
    } catch (InvalidContentException e) {
      findings.add(
          FindingKind.INVALID_FILE, name, 0, e.getMessage() + ": Docker does not start with it");
      return Optional.empty();
    }
    NodeReader once = new ResolvedOnce(daemon);
    Uncovered.find(once, images, name, findings);
    return Optional.of(once);
  }

  @Override
  public String label() {
    return "Docker (daemon.json)";
  }

  @Override
  public Resolution resolve(Reference image) {
    String registry = image.repository().registry();
    String path = image.repository().path();
    List<NodeAttempt> attempts = new ArrayList<>();
    if (registry.equals(DockerHub.NAME)) {
      for (EndpointAddress mirror : mirrors) {
        String root = EndpointAddress.clean(mirror.path());
        String api = root.equals("/v2") ? root : root + "/v2";
        String why = name + ":" + line(mirror.host());
        attempts.addAll(attempts(mirror.scheme(), mirror.host(), api, path, why, false));
      }
    }
    String server = DockerHub.serverOf(registry);
    attempts.addAll(attempts("https", server, "/v2", path, "the registry itself", true));
    return new Resolution(label(), image, attempts);
  }

  @Override
  public boolean isMirror(String registry) {
    return mirrors.stream().anyMatch(mirror -> mirror.host().equals(registry));
  }

  /** An insecure registry is tried over https without verification, then over http. */
  private List<NodeAttempt> attempts(
      String scheme, String host, String root, String path, String why, boolean isDefault) {
    boolean skips = insecure.contains(host) || Loopback.covers(host.replaceFirst(":[0-9]+$", ""));
    NodeTls found = certificates.of(host);
    NodeAttempt attempt =
        new NodeAttempt(
            scheme,
            host,
            root,
            path,
            isDefault,
            NodeLogin.ANONYMOUS,
            skips ? found.withoutVerification(INSECURE) : found,
            why,
            Optional.empty());
    return skips && scheme.equals("https")
        ? List.of(attempt, attempt.over("http"))
        : List.of(attempt);
  }

  private void mirror(String text) {
    if (!text.matches("https?://[^?#@]+")) {
      throw new InvalidContentException(
          "the mirror "
              + Text.quote(text.replaceFirst("//.*@", "//"))
              + " must be http:// or https:// and a host, without user, query and fragment");
    }
    try {
      mirrors.add(EndpointAddress.parse(text.replaceFirst("/+$", "")));
    } catch (IllegalArgumentException e) {
      throw new InvalidContentException("the mirror " + Text.quote(text) + ": " + e.getMessage());
    }
    if (!text.matches("https?://[^/]+/*")) {
      findings.add(
          FindingKind.MIRROR_WITH_PATH,
          name,
          line(text),
          "Docker up to 24 refuses the path in "
              + text
              + ", and later ones append /v2 to it: a project of Harbor can't be a mirror here;"
              + " serve the mirror at the root of a host");
    }
  }

  private void insecure(String host) {
    if (host.contains("://")) {
      findings.add(
          FindingKind.BAD_ENDPOINT,
          name,
          line(host),
          Text.quote(host) + " has a scheme: write host:port");
    }
    insecure.add(host.replaceFirst("^https?://", ""));
  }

  /** The first line that has the text; 0 if none has. */
  private int line(String text) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(text)) {
        return i + 1;
      }
    }
    return 0;
  }

  private static List<String> texts(JsonNode top, String key) {
    JsonNode list = top.path(key);
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    list.forEach(one -> texts.add(one.isString() ? one.stringValue() : ""));
    if (!list.isArray() || texts.contains("")) {
      throw new InvalidContentException("\"" + key + "\" must be a list of texts");
    }
    return texts;
  }
}
