package io.mirrorimages.cli;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.registry.rules.KnownRegistries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where images go at a registry: below the registry, or below one project, under the name that the
 * mapping gives them.
 *
 * @param registry host or host:port
 * @param project path of the project, or empty
 * @param mapping what they are called there
 */
record Destination(String registry, String project, Mapping mapping) {
  private static final int LONGEST_NAME = 255;

  /** Parses {@code host[:port][/project]}. */
  static Destination parse(String text) {
    if (text.contains("://")) {
      throw new UsageException(
          "--registry takes a host without scheme, as in harbor.example.com/project; for plain http"
              + " add --plain-http");
    }
    if (text.contains("@")) {
      throw new UsageException(
          "--registry takes a host without a user: use docker login, or --username with"
              + " --password-stdin");
    }
    String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    int slash = trimmed.indexOf('/');
    try {
      String registry = Reference.checkRegistry(slash < 0 ? trimmed : trimmed.substring(0, slash));
      return new Destination(
          registry,
          slash < 0 ? "" : Reference.checkPath(trimmed.substring(slash + 1)),
          Mapping.FLAT);
    } catch (InvalidContentException e) {
      throw new UsageException("--registry " + Text.plain(text) + ": " + e.getMessage());
    }
  }

  /** The registries that images are named after. */
  static Set<String> registries(Collection<Reference> images) {
    return images.stream().map(i -> i.repository().registry()).collect(Collectors.toSet());
  }

  /** The same with other names. */
  Destination with(Mapping other) {
    return new Destination(registry, project, other);
  }

  /** The image's name at this destination; an error of usage if the rules make none of it. */
  Reference name(Reference source) {
    return source.in(new Repository(registry, path(source.repository())));
  }

  /** The path of a repository's images at this destination. */
  String path(Repository source) {
    String path = mapping.path(source);
    String full = project.isEmpty() ? path : project + "/" + path;
    try {
      Reference.checkPath(full);
    } catch (InvalidContentException e) {
      throw new UsageException(
          "--map makes " + Text.quote(full) + " of " + source + ": " + e.getMessage());
    }
    if (registry.length() + 1 + full.length() > LONGEST_NAME) {
      throw new UsageException(
          source + " would get a name of more than " + LONGEST_NAME + " characters: " + full);
    }
    return full;
  }

  /** As {@link #renamed}; names that the registry is known to refuse are an error. */
  List<ImageRequest> requests(List<Reference> sources) {
    List<ImageRequest> requests = renamed(sources);
    KnownRegistries.standard()
        .of(registry)
        .checkNames(requests.stream().map(ImageRequest::target).toList());
    return requests;
  }

  /**
   * Requests for all of {@code sources}; two that would overwrite each other are an error that
   * names both.
   */
  List<ImageRequest> renamed(List<Reference> sources) {
    Map<String, Reference> taken = new HashMap<>();
    List<ImageRequest> requests = new ArrayList<>();
    for (Reference source : sources) {
      Reference target = name(source);
      Reference other = taken.putIfAbsent(target.repository() + " " + target.storeName(), source);
      if (other != null) {
        throw new UsageException(
            other
                + " and "
                + source
                + " would both become "
                + target
                + ": keep them apart with --mapping by-registry or --map");
      }
      requests.add(new ImageRequest(source, target));
    }
    return requests;
  }

  /** {@code host[:port][/project]}. */
  @Override
  public String toString() {
    return project.isEmpty() ? registry : registry + "/" + project;
  }
}
