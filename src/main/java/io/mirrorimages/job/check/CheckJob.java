package io.mirrorimages.job.check;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.check.AttemptAnswer.AttemptState;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.route.Endpoint;
import io.mirrorimages.route.Route;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks for images where one reader of a node would, with its logins and certificates. Asks for
 * manifests only, and changes nothing. Holds no connections between its calls.
 *
 * @param resolutions of one reader
 * @param expected the digests that images should have, as far as they are known
 */
public record CheckJob(List<Resolution> resolutions, Map<Reference, Digest> expected) {
  private static final int WORKERS = 8;

  /** Copies both. */
  public CheckJob {
    resolutions = List.copyOf(resolutions);
    expected = Map.copyOf(expected);
  }

  /**
   * Asks; a failure is an answer.
   *
   * @param registries reach the servers; used for one reader only, since two may trust different
   *     authorities at one server. The caller closes them
   * @throws InterruptedIOException if the thread is interrupted
   */
  public List<CheckedImage> run(Registries registries) throws InterruptedIOException {
    Map<String, AttemptAnswer> silent = new ConcurrentHashMap<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Callable<CheckedImage>> tasks = new ArrayList<>();
      for (Resolution resolution : resolutions) {
        tasks.add(() -> check(resolution, registries, silent));
      }
      try {
        List<CheckedImage> checked = new ArrayList<>();
        for (Future<CheckedImage> one : workers.invokeAll(tasks)) {
          checked.add(one.get());
        }
        return checked;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      } finally {
        workers.shutdownNow();
      }
    }
  }

  private CheckedImage check(
      Resolution resolution, Registries registries, Map<String, AttemptAnswer> silent) {
    List<AttemptAnswer> answers = new ArrayList<>();
    boolean found = false;
    for (NodeAttempt attempt : resolution.attempts()) {
      AttemptAnswer answer =
          found
              ? AttemptAnswer.of(attempt, AttemptState.NOT_REACHED)
              : answer(attempt, resolution.image(), registries, silent);
      found |= answer.state() == AttemptState.FOUND;
      answers.add(answer);
    }
    return new CheckedImage(
        resolution,
        answers,
        Optional.ofNullable(expected.get(resolution.image()))
            .or(() -> resolution.image().digest()));
  }

  /** A server that can't be reached is not asked again for each image. */
  private static AttemptAnswer answer(
      NodeAttempt attempt,
      Reference image,
      Registries registries,
      Map<String, AttemptAnswer> silent) {
    if (attempt.refusal().isPresent()) {
      return AttemptAnswer.failed(
          attempt, AttemptState.IMPOSSIBLE, attempt.refusal().get(), Optional.empty());
    }
    String server = attempt.scheme() + "://" + attempt.host();
    AttemptAnswer known = silent.get(server);
    if (known != null) {
      return AttemptAnswer.failed(attempt, known.state(), known.text(), known.reason());
    }
    AttemptAnswer answer = ask(attempt, image, registries);
    if (answer.reason().filter(FailureKind.NETWORK::equals).isPresent()) {
      answer = ask(attempt, image, registries);
      if (answer.reason().filter(FailureKind.NETWORK::equals).isPresent()) {
        silent.put(server, answer);
      }
    }
    return answer;
  }

  private static AttemptAnswer ask(NodeAttempt attempt, Reference image, Registries registries) {
    try {
      return registries
          .ask(route(attempt), image)
          .map(digest -> AttemptAnswer.found(attempt, digest))
          .orElseGet(
              () ->
                  AttemptAnswer.failed(
                      attempt, AttemptState.ABSENT, "not there", Optional.empty()));
    } catch (IOException e) {
      FailureKind kind = Failure.of(e).reason();
      return AttemptAnswer.failed(
          attempt,
          kind == FailureKind.DENIED ? AttemptState.DENIED : AttemptState.FAILED,
          AttemptWords.of(e, attempt),
          Optional.of(kind));
    } catch (InvalidContentException e) {
      return AttemptAnswer.failed(
          attempt, AttemptState.FAILED, e.getMessage(), Optional.of(FailureKind.CORRUPT));
    }
  }

  private static Route route(NodeAttempt attempt) {
    return new Route(
        new Endpoint(
            attempt.scheme(),
            attempt.host(),
            attempt.root(),
            false,
            attempt.login().credential(),
            Optional.of(attempt.tls().options())),
        attempt.path(),
        Optional.empty());
  }
}
