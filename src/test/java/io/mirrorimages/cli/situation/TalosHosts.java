package io.mirrorimages.cli.situation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/**
 * The {@code hosts.toml} files that Talos writes for its containerd, as GenerateHosts of its
 * containers/cri/containerd has it: each endpoint is a host; without a fallback the last one is the
 * server.
 */
final class TalosHosts {
  private TalosHosts() {}

  /** An endpoint of a mirror. */
  private record Endpoint(String url, boolean overridePath) {}

  /**
   * Writes them.
   *
   * @param configuration a machine configuration, or documents of Talos 1.12 and later
   */
  static Path write(Path folder, String configuration) throws IOException {
    for (Object document : new Yaml().loadAll(configuration)) {
      if (!(document instanceof Map<?, ?> map)) {
        continue;
      }
      if ("RegistryMirrorConfig".equals(map.get("kind"))) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Object one : (List<?>) map.get("endpoints")) {
          Map<?, ?> endpoint = (Map<?, ?>) one;
          endpoints.add(new Endpoint(endpoint.get("url").toString(), truth(endpoint)));
        }
        write(folder, map.get("name").toString(), endpoints, map);
      } else if (map.get("machine") instanceof Map<?, ?> machine) {
        Map<?, ?> registries = (Map<?, ?>) machine.get("registries");
        for (Map.Entry<?, ?> one : ((Map<?, ?>) registries.get("mirrors")).entrySet()) {
          Map<?, ?> mirror = (Map<?, ?>) one.getValue();
          List<Endpoint> endpoints = new ArrayList<>();
          ((List<?>) mirror.get("endpoints"))
              .forEach(url -> endpoints.add(new Endpoint(url.toString(), truth(mirror))));
          write(folder, one.getKey().toString(), endpoints, mirror);
        }
      }
    }
    return folder;
  }

  private static boolean truth(Map<?, ?> map) {
    return Boolean.TRUE.equals(map.get("overridePath"));
  }

  private static void write(
      Path folder, String registry, List<Endpoint> endpoints, Map<?, ?> settings)
      throws IOException {
    List<String> lines = new ArrayList<>();
    int hosts = endpoints.size();
    if (Boolean.TRUE.equals(settings.get("skipFallback"))) {
      hosts--;
      lines.add("server = \"" + endpoints.get(hosts).url() + "\"");
      lines.add("override_path = " + endpoints.get(hosts).overridePath());
    }
    for (Endpoint endpoint : endpoints.subList(0, hosts)) {
      lines.add("[host.\"" + endpoint.url() + "\"]");
      lines.add("capabilities = [\"pull\", \"resolve\"]");
      lines.add("override_path = " + endpoint.overridePath());
    }
    String name = registry.equals("*") ? "_default" : registry.replaceFirst(":([0-9]+)$", "_$1_");
    Files.writeString(
        Files.createDirectories(folder.resolve(name)).resolve("hosts.toml"),
        String.join("\n", lines) + "\n");
  }
}
