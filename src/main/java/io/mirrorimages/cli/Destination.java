package io.mirrorimages.cli;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where images go at a registry: below the registry, or below one project, with their path; the
 * host they came from is dropped, as Rancher's {@code system-default-registry} expects it.
 *
 * @param registry host or host:port
 * @param project path of the project, or empty
 */
record Destination(String registry, String project) {

  /** Parses {@code host[:port][/project]}. */
  static Destination parse(String text) {
    if (text.contains("://")) {
      throw new UsageException(
          "--registry takes a host without scheme, as in harbor.example.com/project; for plain http"
              + " add --plain-http");
    }
    String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    int slash = trimmed.indexOf('/');
    try {
      String registry = Reference.checkRegistry(slash < 0 ? trimmed : trimmed.substring(0, slash));
      return new Destination(
          registry, slash < 0 ? "" : Reference.checkPath(trimmed.substring(slash + 1)));
    } catch (InvalidContentException e) {
      throw new UsageException("--registry " + text + ": " + e.getMessage());
    }
  }

  /** The image's name at this destination. */
  Reference name(Reference source) {
    String path = source.repository().path();
    return source.in(new Repository(registry, project.isEmpty() ? path : project + "/" + path));
  }

  /**
   * Requests for all of {@code sources}; two that would overwrite each other are an error that
   * names both.
   */
  List<ImageRequest> requests(List<Reference> sources) {
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
                + ": mirror them into different projects");
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
