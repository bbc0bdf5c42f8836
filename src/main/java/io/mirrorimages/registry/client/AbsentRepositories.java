package io.mirrorimages.registry.client;

import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Finds out which repositories are not there, at a registry where a push makes none: one question
 * each (distribution-spec end-8a), all at once as far as the registry's budget lets them.
 */
public final class AbsentRepositories {
  private final RegistryClient client;

  /** Asks one registry. */
  public AbsentRepositories(RegistryClient client) {
    this.client = client;
  }

  /** The paths of those that the registry says it does not have; where it says nothing, none. */
  public SortedSet<String> among(Collection<Repository> repositories) {
    SortedSet<String> absent = new ConcurrentSkipListSet<>();
    List<Thread> questions =
        repositories.stream()
            .distinct()
            .sorted(Comparator.comparing(Repository::path))
            .map(
                repository ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              if (isAbsent(repository)) {
                                absent.add(repository.path());
                              }
                            }))
            .toList();
    try {
      for (Thread question : questions) {
        question.join();
      }
    } catch (InterruptedException e) {
      questions.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
    return new TreeSet<>(absent);
  }

  /** Other failures are left to the transfer, which sends more requests than this one. */
  private boolean isAbsent(Repository repository) {
    try {
      return client.retrying(() -> ask(repository));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether the registry says that it does not have the repository, as distribution does until a
   * tag is there. One question, not tried again.
   */
  public boolean ask(Repository repository) throws IOException {
    Request call = client.call("GET", repository.path() + "/tags/list?n=1");
    try (Response answer = client.send(call, Access.push(repository))) {
      if (Failures.isPassing(answer.status())) {
        throw Failures.of(answer, repository.toString());
      }
      answer.finish();
      return answer.status() == 404;
    }
  }
}
