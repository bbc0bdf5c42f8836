package io.mirrorimages.naming;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ImageRequest;
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
public record Destination(String registry, String project, Mapping mapping) {
  private static final int LONGEST_NAME = 255;

  /**
   * Parses {@code host[:port][/project]}: images keep their names there.
   *
   * @throws InvalidContentException with one line, if it is anything else
   */
  public static Destination parse(String text) {
    String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    int slash = trimmed.indexOf('/');
    String registry = Reference.checkRegistry(slash < 0 ? trimmed : trimmed.substring(0, slash));
    return new Destination(
        registry, slash < 0 ? "" : Reference.checkPath(trimmed.substring(slash + 1)), Mapping.FLAT);
  }

  /** The registries that images are named after. */
  public static Set<String> registries(Collection<Reference> images) {
    return images.stream().map(i -> i.repository().registry()).collect(Collectors.toSet());
  }

  /** The same with other names. */
  public Destination with(Mapping other) {
    return new Destination(registry, project, other);
  }

  /**
   * The image's name at this destination.
   *
   * @throws TransferException {@link FailureKind#OPTION} if the mapping makes no valid name of it
   */
  public Reference name(Reference source) throws TransferException {
    return source.in(new Repository(registry, path(source.repository())));
  }

  /**
   * The path of a repository's images at this destination.
   *
   * @throws TransferException {@link FailureKind#OPTION} if the mapping makes no valid path of it
   */
  public String path(Repository source) throws TransferException {
    String path = mapping.path(source);
    String full = project.isEmpty() ? path : project + "/" + path;
    try {
      Reference.checkPath(full);
    } catch (InvalidContentException e) {
      throw new TransferException(
          FailureKind.OPTION,
          Setting.MAP
              + ": the mapping makes "
              + Text.quote(full)
              + " of "
              + source
              + ": "
              + e.getMessage());
    }
    if (registry.length() + 1 + full.length() > LONGEST_NAME) {
      throw new TransferException(
          FailureKind.OPTION,
          source + " would get a name of more than " + LONGEST_NAME + " characters: " + full);
    }
    return full;
  }

  /**
   * One request for each of {@code sources}, in this order.
   *
   * @throws TransferException {@link FailureKind#OPTION} if one gets no valid name, or two would
   *     get the same: the message names both
   */
  public List<ImageRequest> requests(List<Reference> sources) throws TransferException {
    Map<String, Reference> taken = new HashMap<>();
    List<ImageRequest> requests = new ArrayList<>();
    for (Reference source : sources) {
      Reference target = name(source);
      Reference other = taken.putIfAbsent(target.repository() + " " + target.storeName(), source);
      if (other != null) {
        throw new TransferException(
            FailureKind.OPTION,
            other
                + " and "
                + source
                + " would both become "
                + target
                + ": keep them apart with "
                + Setting.MAPPING
                + " by-registry or "
                + Setting.MAP);
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
