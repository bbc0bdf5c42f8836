package io.mirrorimages.harbor;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.client.RegistryApi;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whether the user may do in projects what a run needs. Harbor gives a token to anyone and refuses
 * later, with the 401 that a missing project gets too; but its tokens say what they are good for,
 * and one is good for all of a project.
 */
final class Rights {
  private final RegistryApi api;

  Rights(RegistryApi api) {
    this.api = api;
  }

  /**
   * Checks one repository of each project; one request each.
   *
   * @throws TransferException {@link FailureKind#DENIED} with all projects where a right is missing
   */
  void check(Collection<Repository> repositories) throws IOException {
    SortedSet<String> noPush = new TreeSet<>();
    SortedSet<String> noPull = new TreeSet<>();
    for (Repository repository : repositories) {
      Optional<Set<String>> granted = api.granted(repository);
      if (granted.isEmpty()) {
        continue;
      }
      if (!granted.get().contains("push")) {
        noPush.add(ProjectNames.of(repository));
      } else if (!granted.get().contains("pull")) {
        noPull.add(ProjectNames.of(repository));
      }
    }
    if (!noPush.isEmpty()) {
      throw denied(
          "push to", noPush, "a user needs the role Developer there, a robot pull and push");
    }
    if (!noPull.isEmpty()) {
      throw denied("pull from", noPull, "a robot needs pull and push there");
    }
  }

  /** Whether the user may pull from all of these; one request each. */
  boolean mayPull(Collection<Repository> repositories) throws IOException {
    for (Repository repository : repositories) {
      if (!api.granted(repository).orElse(Set.of()).contains("pull")) {
        return false;
      }
    }
    return true;
  }

  private TransferException denied(String what, SortedSet<String> projects, String remedy)
      throws TransferException {
    return new TransferException(
        FailureKind.DENIED,
        "at "
            + api.registry()
            + " user "
            + api.user().orElse("")
            + " may not "
            + what
            + (projects.size() == 1 ? " project " : " the projects ")
            + String.join(", ", projects)
            + ": "
            + remedy);
  }
}
