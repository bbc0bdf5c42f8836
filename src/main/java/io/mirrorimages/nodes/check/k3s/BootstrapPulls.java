package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.ConfigEntry;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.K3sMirror;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.RewriteRule;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.WrittenEndpoint;
import io.mirrorimages.route.EndpointAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pulls of the bootstrap, before containerd runs: RKE2's runtime image, and the installers of
 * Rancher's system agent. They know no switch for the default endpoint, take {@code *} in {@code
 * configs}, and call Docker Hub {@code index.docker.io}.
 */
final class BootstrapPulls implements NodeReader {
  private static final String HUB = "index.docker.io";

  private final K3sRegistries file;
  private final boolean rewritesDefault;

  BootstrapPulls(K3sRegistries file) {
    this(file, false);
  }

  /**
   * @param rewritesDefault whether rewrites also apply to the registry itself, as in old versions
   */
  BootstrapPulls(K3sRegistries file, boolean rewritesDefault) {
    this.file = file;
    this.rewritesDefault = rewritesDefault;
  }

  @Override
  public String label() {
    return "bootstrap pulls (RKE2, system agent)";
  }

  @Override
  public boolean isMirror(String registry) {
    return file.isEndpoint(registry);
  }

  @Override
  public Resolution resolve(Reference image) {
    Repository repository = image.repository();
    String registry = repository.registry().equals(DockerHub.NAME) ? HUB : repository.registry();
    List<NodeAttempt> attempts = new ArrayList<>();
    Optional<K3sMirror> mirror = first(file.mirrors(), mirrorKeys(registry));
    List<RewriteRule> rewrites =
        first(file.mirrors(), configKeys(registry)).map(K3sMirror::rewrites).orElse(List.of());
    for (WrittenEndpoint written : mirror.map(K3sMirror::endpoints).orElse(List.of())) {
      address(written.text())
          .ifPresent(
              address -> {
                boolean same = name(address.host()).equals(name(registry));
                String path =
                    same && !rewritesDefault ? repository.path() : rewritten(repository, rewrites);
                attempts.add(attempt(address, path, false, file.at(written.line())));
              });
    }
    attempts.add(
        attempt(
            EndpointAddress.parse(registry),
            rewritesDefault ? rewritten(repository, rewrites) : repository.path(),
            true,
            "the default endpoint"));
    return new Resolution(label(), image, attempts);
  }

  /** Unlike containerd, a name of Docker Hub is not replaced by that of its server. */
  private static Optional<EndpointAddress> address(String text) {
    return KubeletPulls.parse(text)
        .map(
            a ->
                a.host().equals(DockerHub.serverOf(DockerHub.NAME))
                        && !text.contains(DockerHub.serverOf(DockerHub.NAME))
                    ? new EndpointAddress(
                        a.scheme(), DockerHub.NAME, a.path(), a.hasUser(), a.key())
                    : a);
  }

  private static List<String> mirrorKeys(String registry) {
    List<String> keys = new ArrayList<>(List.of(registry));
    if (registry.equals(HUB)) {
      keys.add(DockerHub.NAME);
    } else if (!registry.matches(".*:[0-9]*")) {
      keys.add(registry + ":443");
      keys.add(registry + ":80");
    }
    keys.add(K3sRegistries.ANY);
    return keys;
  }

  /** Of credentials and certificates, and of rewrites: no port is put behind the name. */
  private static List<String> configKeys(String host) {
    return host.equals(HUB)
        ? List.of(HUB, DockerHub.NAME, K3sRegistries.ANY)
        : List.of(host, K3sRegistries.ANY);
  }

  /** The first key that is there, even if nothing stands below it. */
  private static <T> Optional<T> first(Map<String, T> entries, List<String> keys) {
    return keys.stream().filter(entries::containsKey).findFirst().map(entries::get);
  }

  private static String name(String host) {
    return host.equals(HUB) ? DockerHub.NAME : host;
  }

  /** An invalid result is skipped; a single component of Docker Hub is below library. */
  private static String rewritten(Repository repository, List<RewriteRule> rewrites) {
    return RewriteResult.of(repository.path(), rewrites).stream()
        .map(RewriteResult::path)
        .filter(path -> path.matches("[a-z0-9_./-]{2,255}"))
        .findFirst()
        .map(
            path ->
                repository.registry().equals(DockerHub.NAME) && !path.contains("/")
                    ? "library/" + path
                    : path)
        .orElse(repository.path());
  }

  private NodeAttempt attempt(
      EndpointAddress address, String path, boolean isDefault, String reason) {
    Optional<ConfigEntry> config = first(file.configs(), configKeys(address.host()));
    boolean https = address.scheme().equals("https");
    return new NodeAttempt(
        address.scheme(),
        address.host(),
        EndpointAddress.clean(address.path()),
        path,
        isDefault,
        config.flatMap(ConfigEntry::login).orElse(NodeLogin.ANONYMOUS),
        https ? config.flatMap(ConfigEntry::tls).orElse(NodeTls.SYSTEM) : NodeTls.SYSTEM,
        reason,
        Optional.empty());
  }
}
