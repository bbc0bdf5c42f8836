package io.mirrorimages.nodes.check.docker;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of {@code daemon.json}, of Docker 20.10 to 29 on Linux together: those in the structures
 * of moby's {@code daemon/config} that {@code findConfigurationConflicts} lets pass, since a flag
 * of dockerd, or its list, has that name.
 */
final class DaemonKeys {
  private static final Set<String> KNOWN =
      words(
          """
          allow-direct-routing allow-nondistributable-artifacts authorization-plugins bip bip6
          bridge bridge-accept-fwmark builder cdi-spec-dirs cgroup-parent containerd
          containerd-namespace cpu-rt-period cpu-rt-runtime cri-containerd data-root debug
          default-address-pools default-cgroupns-mode default-gateway default-gateway-v6
          default-ipc-mode default-network-opts default-runtime default-shm-size
          default-stop-timeout default-ulimits deprecated-key-path dns dns-opts dns-search
          exec-opts exec-root experimental features firewall-backend fixed-cidr fixed-cidr-v6
          group host-gateway-ip host-gateway-ips hosts icc init init-path insecure-registries
          ip ip-forward ip-forward-no-drop ip-masq ip6tables iptables ipv6 labels live-restore
          log-driver log-format log-level log-opts max-concurrent-downloads
          max-concurrent-uploads max-download-attempts metrics-addr min-api-version mtu
          network-control-plane-mtu network-diagnostic-port no-new-privileges
          node-generic-resources nri-opts pidfile proxies raw-logs registry-mirrors rootless
          runtimes seccomp-profile selinux-enabled shutdown-timeout storage-driver
          storage-opts swarm-default-advertise-addr tls tlscacert tlscert tlskey tlsverify
          userland-proxy userland-proxy-path userns-remap
          """);

  /** Names of flags that are no keys: dockerd lets them pass, and reads nothing from them. */
  private static final Set<String> FLAGS =
      words(
          """
          add-runtime authorization-plugin cdi-spec-dir cluster-store-opt config-file
          containerd-plugins-namespace default-address-pool default-network-opt default-ulimit
          dns-opt exec-opt feature host http-proxy https-proxy insecure-registry label log-opt
          no-proxy node-generic-resource registry-mirror restart storage-opt validate
          """);

  /** Keys that are gone, and the first version that refuses them. */
  private static final Map<String, Integer> REMOVED =
      Map.of(
          "graph", 24,
          "cluster-store", 24,
          "cluster-store-opts", 24,
          "cluster-advertise", 24,
          "oom-score-adjust", 26,
          "api-cors-header", 29);

  /** Keys with an object as value; the keys in any other object are read as if beside it. */
  private static final Set<String> OBJECTS =
      Set.of(
          "cluster-store-opts",
          "default-network-opts",
          "log-opts",
          "runtimes",
          "default-ulimits",
          "features",
          "builder",
          "nri-opts");

  private static final int NEAR = 4;

  private DaemonKeys() {}

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }

  static boolean isKnown(String key) {
    return KNOWN.contains(key);
  }

  static boolean isFlag(String key) {
    return FLAGS.contains(key);
  }

  static boolean isObject(String key) {
    return OBJECTS.contains(key);
  }

  /** The first major version that refuses a key which earlier ones know. */
  static Optional<Integer> removedIn(String key) {
    return Optional.ofNullable(REMOVED.get(key));
  }

  /** The known key that a wrong one may mean. */
  static Optional<String> near(String key) {
    String lower = key.toLowerCase(Locale.ROOT).replace('_', '-');
    return KNOWN.stream()
        .filter(known -> distance(lower, known) < Math.min(NEAR, known.length() / 2))
        .min(
            Comparator.<String>comparingInt(known -> distance(lower, known)).thenComparing(k -> k));
  }

  /** How many letters to add, remove or change. */
  private static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[other.length()];
  }
}
