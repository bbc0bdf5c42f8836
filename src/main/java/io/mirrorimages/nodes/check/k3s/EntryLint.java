package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.ConfigEntry;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.K3sMirror;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.WrittenEndpoint;
import io.mirrorimages.route.EndpointAddress;
import io.mirrorimages.route.KeyText;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is odd about the entries of a {@code registries.yaml}, whatever is pulled. */
final class EntryLint {
  private static final String HUB_SERVER = DockerHub.serverOf(DockerHub.NAME);
  private static final String HUB_OF_BOOTSTRAP = "index.docker.io";

  private final K3sRegistries file;
  private final K3sSettings settings;
  private final FindingLog findings;
  private final Set<String> endpointHosts = new LinkedHashSet<>();

  EntryLint(K3sRegistries file, K3sSettings settings, FindingLog findings) {
    this.file = file;
    this.settings = settings;
    this.findings = findings;
  }

  void run() {
    file.mirrors().forEach(this::mirror);
    file.configs().forEach(this::config);
  }

  private void mirror(String name, K3sMirror mirror) {
    if (!name.equals(K3sRegistries.ANY)) {
      wrongName(name, mirror.line(), "no image is of ", file.mirrors().containsKey(DockerHub.NAME));
      if (name.equals(HUB_SERVER)) {
        find(
            FindingKind.NO_EFFECT,
            mirror.line(),
            "no image is of " + name + ": Docker Hub is docker.io in image names");
      }
    }
    if (mirror.endpoints().isEmpty() && !settings.embedded()) {
      find(
          FindingKind.NO_ENDPOINT,
          mirror.line(),
          "the mirror of "
              + KeyText.host(name)
              + " has no endpoint: it matters to an embedded registry only");
    }
    Set<String> seen = new HashSet<>();
    for (WrittenEndpoint written : mirror.endpoints()) {
      try {
        endpoint(written, EndpointAddress.parse(written.text()), seen);
      } catch (IllegalArgumentException e) {
        find(
            FindingKind.BAD_ENDPOINT, written.line(), "the endpoint is skipped: " + e.getMessage());
      }
    }
    ConfigEntry same = file.configs().get(name);
    if (settings.disableDefault()
        && same != null
        && !name.equals(K3sRegistries.ANY)
        && !file.isMirrorOfItself(name)) {
      find(
          FindingKind.DEFAULT_NOT_DISABLED,
          mirror.line(),
          "the default endpoint of "
              + name
              + " stays, since \"configs\" has an entry of that name (line "
              + same.line()
              + ")");
    }
  }

  private void endpoint(WrittenEndpoint written, EndpointAddress address, Set<String> seen) {
    endpointHosts.add(address.host());
    if (!seen.add(address.key())) {
      find(FindingKind.DUPLICATE_KEY, written.line(), "the endpoint is there twice");
    }
    if (address.hasUser()) {
      find(
          FindingKind.BAD_ENDPOINT,
          written.line(),
          "the user in the address is not used: write it below \"configs\"");
    }
    String root = EndpointAddress.clean(address.path());
    if (!(root + "/").startsWith("/v2/")) {
      find(
          FindingKind.PATH_WITHOUT_V2,
          written.line(),
          "the path "
              + root
              + " takes the place of /v2: for a project write "
              + address.scheme()
              + "://"
              + address.host()
              + "/v2"
              + root);
    }
    if (address.scheme().equals("http")) {
      String key = DockerHub.registryOf(address.host());
      ConfigEntry config = file.configs().getOrDefault(key, ConfigEntry.NONE);
      if (config.tls().isPresent()) {
        find(
            FindingKind.HTTP_WITH_TLS,
            written.line(),
            "the endpoint is http, but "
                + key
                + " has tls settings (line "
                + config.line()
                + "): https is tried first");
      }
    }
  }

  private void config(String name, ConfigEntry config) {
    if (Set.of("auth", "tls").contains(name)) {
      return;
    }
    if (!name.equals(K3sRegistries.ANY)) {
      wrongName(
          name, config.line(), "nothing is asked at ", file.configs().containsKey(HUB_SERVER));
    }
    if (config.login().isPresent()) {
      login(name, config);
    }
    if (config.isEmpty() && !file.mirrors().containsKey(name)) {
      find(
          FindingKind.NO_EFFECT,
          config.line(),
          "the entry of " + KeyText.host(name) + " has neither auth nor tls");
    }
    boolean shadows =
        file.mirrors().containsKey(K3sRegistries.ANY)
            && !file.mirrors().containsKey(name)
            && !config.isEmpty()
            && !name.equals(K3sRegistries.ANY)
            && !endpointHosts.contains(name);
    if (shadows) {
      find(
          FindingKind.SHADOWS_WILDCARD,
          config.line(),
          "because of this entry the mirror \"*\" is not used for images of "
              + name
              + ": give "
              + name
              + " a mirror of its own");
    }
  }

  private void login(String name, ConfigEntry config) {
    String server = DockerHub.serverOf(name);
    if (!server.equals(name) && file.configs().containsKey(server)) {
      // That is what the bootstrap looks for, beside the entry for the kubelet's pulls.
      return;
    }
    if (!server.equals(name)) {
      find(
          FindingKind.UNUSED_AUTH,
          config.line(),
          "the kubelet's pulls do not use the auth of "
              + name
              + ": write it below the host of the endpoint, or below "
              + server
              + " for Docker Hub itself");
    } else if (name.equals(K3sRegistries.ANY)) {
      find(
          FindingKind.UNUSED_AUTH,
          config.line(),
          "the kubelet's pulls do not use the auth of \"*\": write it below each host");
    } else if (!endpointHosts.contains(name)) {
      String bare = name.replaceAll(":[0-9]+$", "");
      endpointHosts.stream()
          .filter(host -> host.replaceAll(":[0-9]+$", "").equals(bare))
          .findFirst()
          .ifPresent(
              host ->
                  find(
                      FindingKind.UNUSED_AUTH,
                      config.line(),
                      "the endpoint is written "
                          + host
                          + ", and gets no auth from "
                          + name
                          + ": write the same host and port"));
      List<String> mirrorHosts = hostsOfMirror(name);
      if (!mirrorHosts.isEmpty()) {
        find(
            FindingKind.UNUSED_AUTH,
            config.line(),
            "the auth of "
                + name
                + " is for the registry itself, not for its mirror: write the mirror's below "
                + String.join(" or ", mirrorHosts));
      }
    }
  }

  private List<String> hostsOfMirror(String name) {
    return Optional.ofNullable(file.mirrors().get(name)).stream()
        .flatMap(mirror -> mirror.endpoints().stream())
        .flatMap(endpoint -> KubeletPulls.parse(endpoint.text()).stream())
        .map(EndpointAddress::host)
        .distinct()
        .toList();
  }

  private void wrongName(String name, int line, String effect, boolean hasHubOfKubelet) {
    if (name.contains("/")) {
      find(
          FindingKind.NO_EFFECT,
          line,
          effect + KeyText.host(name) + ": write the host alone, without scheme and path");
    } else if (name.equals(HUB_OF_BOOTSTRAP) && !hasHubOfKubelet) {
      find(
          FindingKind.NO_EFFECT,
          line,
          effect + name + " but for the bootstrap: Docker Hub is docker.io in image names");
    } else if (!name.equals(name.toLowerCase(java.util.Locale.ROOT))) {
      find(FindingKind.NO_EFFECT, line, effect + KeyText.host(name) + ": write it in lower case");
    }
  }

  private void find(FindingKind kind, int line, String text) {
    findings.add(kind, file.name(), line, text);
  }
}
