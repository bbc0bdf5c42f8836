package io.mirrorimages.cli.situation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/**
 * The images that kubeadm and k0s pull by their configurations. As kubeadm's GetDNSImage: with a
 * repository of its own CoreDNS is {@code coredns} below it, upstream it is {@code
 * coredns/coredns}; as k0s' images: only the host of a name is replaced.
 */
final class ClusterImages {
  private static final String UPSTREAM = "registry.k8s.io";

  private ClusterImages() {}

  /** Those of kubeadm, by component, for a ClusterConfiguration. */
  static Map<String, String> kubeadm(String configuration) {
    Map<?, ?> top = new Yaml().load(configuration);
    String repository = text(top, "imageRepository", UPSTREAM);
    Map<String, String> images = new LinkedHashMap<>();
    for (String component : List.of("kube-apiserver", "kube-proxy", "pause")) {
      images.put(component, repository + "/" + component);
    }
    String dns = text(map(top, "dns"), "imageRepository", "");
    String below = repository.equals(UPSTREAM) ? repository + "/coredns" : repository;
    images.put("coredns", (dns.isEmpty() ? below : dns) + "/coredns");
    String etcd = text(map(map(top, "etcd"), "local"), "imageRepository", "");
    images.put("etcd", (etcd.isEmpty() ? repository : etcd) + "/etcd");
    return images;
  }

  /** What k0s makes of names of its own, by {@code spec.images} of a ClusterConfig. */
  static Map<String, String> k0s(String configuration, Map<String, String> components) {
    Map<?, ?> images = map(map(new Yaml().load(configuration), "spec"), "images");
    String repository = text(images, "repository", "");
    Map<String, String> pulled = new LinkedHashMap<>();
    components.forEach(
        (component, name) -> {
          String own = text(map(images, component), "image", name);
          pulled.put(
              component, repository.isEmpty() ? own : repository + own.substring(own.indexOf('/')));
        });
    return pulled;
  }

  private static Map<?, ?> map(Map<?, ?> map, String key) {
    return map.get(key) instanceof Map<?, ?> inner ? inner : Map.of();
  }

  private static String text(Map<?, ?> map, String key, String otherwise) {
    return map.get(key) instanceof String text ? text : otherwise;
  }
}
