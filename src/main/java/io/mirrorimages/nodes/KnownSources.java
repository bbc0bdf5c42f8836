package io.mirrorimages.nodes;

import java.util.List;

/**
 * The registries that most images come from, for systems without an entry that stands for every
 * registry.
 */
public final class KnownSources {
  /** In the order of their names. */
  public static final List<String> NAMES =
      List.of(
          "docker.io",
          "gcr.io",
          "ghcr.io",
          "k8s.gcr.io",
          "mcr.microsoft.com",
          "public.ecr.aws",
          "quay.io",
          "registry.k8s.io",
          "registry.suse.com");

  private KnownSources() {}

  /** The mirrors, with one for each known registry in place of {@link NodeMirror#ANY}. */
  public static List<NodeMirror> named(List<NodeMirror> mirrors) {
    return mirrors.stream()
        .flatMap(
            mirror ->
                mirror.isAny()
                    ? NAMES.stream()
                        .map(name -> new NodeMirror(name, mirror.prefix(), mirror.paths()))
                    : java.util.stream.Stream.of(mirror))
        .toList();
  }
}
