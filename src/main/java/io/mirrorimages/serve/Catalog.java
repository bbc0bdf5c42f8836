package io.mirrorimages.serve;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the repository a client means. Clients that know of mirrors say the registry in {@code ns}
 * and the path without it; others can put the registry before the path; the rest get the first
 * registry in the archive's order that has the path. Immutable and thread-safe.
 */
final class Catalog {
  private final Map<Repository, RepositoryView> repositories = new LinkedHashMap<>();
  private final Map<String, RepositoryView> byPath = new HashMap<>();
  private final Map<String, RepositoryView> byFullName = new HashMap<>();
  private final Set<String> registries = new HashSet<>();

  Catalog(ArchiveReader archive) {
    Map<Repository, List<ArchivedImage>> images = new LinkedHashMap<>();
    for (ArchivedImage image : archive.images()) {
      images.computeIfAbsent(image.name().repository(), r -> new ArrayList<>()).add(image);
    }
    Attachments attachments = new Attachments(archive);
    images.forEach(
        (repository, its) -> {
          RepositoryView view = new RepositoryView(archive, repository, its, attachments);
          registries.add(repository.registry());
          repositories.put(repository, view);
          byPath.putIfAbsent(repository.path(), view);
          byFullName.put(repository.toString(), view);
        });
  }

  /** The repository called {@code name}, in the registry {@code namespace} if that is given. */
  Optional<RepositoryView> find(String name, Optional<String> namespace) {
    if (namespace.isPresent()) {
      return inRegistry(namespace.get(), name);
    }
    RepositoryView found = byPath.get(name);
    if (found == null) {
      found = byFullName.get(name);
    }
    if (found == null) {
      // docker.io's short names: a client that is given one asks for it as it is.
      found = byFullName.get("docker.io/library/" + name);
    }
    return Optional.ofNullable(found);
  }

  /**
   * What repositories are called here, in order: by path, or by full name where another registry
   * has the path. Of one registry, if it is given, by path.
   */
  NavigableSet<String> names(Optional<String> namespace) {
    NavigableSet<String> names = new TreeSet<>();
    repositories.forEach(
        (repository, view) -> {
          if (namespace.isPresent()) {
            if (inRegistry(namespace.get(), repository.path()).filter(view::equals).isPresent()) {
              names.add(repository.path());
            }
          } else {
            names.add(
                byPath.get(repository.path()) == view ? repository.path() : repository.toString());
          }
        });
    return names;
  }

  /** Whether full names begin with {@code registry}. */
  boolean hasRegistry(String registry) {
    return registries.contains(registry);
  }

  private Optional<RepositoryView> inRegistry(String namespace, String name) {
    String registry;
    try {
      registry = Reference.checkRegistry(namespace);
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
    RepositoryView found = repositories.get(new Repository(registry, name));
    if (found == null && name.startsWith(registry + "/")) {
      found = byFullName.get(name);
    }
    return Optional.ofNullable(found);
  }
}
