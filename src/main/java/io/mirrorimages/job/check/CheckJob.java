package io.mirrorimages.job.check;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.check.AttemptAnswer.AttemptState;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.route.Endpoint;
import io.mirrorimages.route.Route;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
 * Asks for images where the readers of a node would, with their logins and certificates. Asks for
 * manifests only, and changes nothing. Holds no connections between its calls. A server that can't
 * be reached is not asked again, also not for another reader. Used by one thread.
 */
public final class CheckJob implements Closeable {
  private static final int WORKERS = 8;

  private final Map<Reference, Digest> expected;
  private final SilenceWatch watch;
  private final Map<ServerKey, AttemptAnswer> silent = new ConcurrentHashMap<>();

  /** A server, as a reader with these certificates reaches it. */
  private record ServerKey(String scheme, String host, NodeTls tls) {
    static ServerKey of(NodeAttempt attempt) {
      boolean plain = attempt.scheme().equals("http");
      return new ServerKey(
          attempt.scheme(), attempt.host(), plain ? NodeTls.SYSTEM : attempt.tls().from(""));
    }
  }

  /**
   * A job for all readers of a node.
   *
   * @param expected the digests that images should have, as far as they are known
   * @param patience how long a server is waited for, for messages; see {@link #impatient}
   * @param listener receives {@link RunEvent.Waiting} for each server that lets a request wait
   */
  public CheckJob(Map<Reference, Digest> expected, Duration patience, RunListener listener) {
    this.expected = Map.copyOf(expected);
    this.watch = new SilenceWatch(patience, listener);
  }

  /** Settings for the registries of this job: they give up soon, since a person waits. */
  public static RegistrySettings impatient(RegistrySettings settings, Duration patience) {
    return settings.with(Timeouts.DEFAULT.within(patience));
  }

  /**
   * Asks for the images of one reader; a failure is an answer.
   *
   * @param registries reach the servers; used for one reader only, since two may trust different
   *     authorities at one server. The caller closes them
   * @param findings receives what the answers say about the configuration
   * @throws InterruptedIOException if the thread is interrupted
   */
  public List<CheckedImage> run(
      Collection<Resolution> resolutions, Registries registries, FindingLog findings)
      throws InterruptedIOException {
    List<CheckedImage> checked = ask(resolutions, registries);
    AnswerLint.run(checked, findings);
    new PresentedCertificates(registries, watch).compare(checked, findings);
    return checked;
  }

  private List<CheckedImage> ask(Collection<Resolution> resolutions, Registries registries)
      throws InterruptedIOException {
    try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Callable<CheckedImage>> tasks = new ArrayList<>();
      for (Resolution resolution : resolutions) {
        tasks.add(() -> check(resolution, registries));
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

  private CheckedImage check(Resolution resolution, Registries registries) {
    List<AttemptAnswer> answers = new ArrayList<>();
    boolean found = false;
    for (NodeAttempt attempt : resolution.attempts()) {
      AttemptAnswer answer =
          found
              ? AttemptAnswer.of(attempt, AttemptState.NOT_REACHED)
              : answer(attempt, resolution.image(), registries);
      found |= answer.state() == AttemptState.FOUND;
      answers.add(answer);
    }
    return new CheckedImage(
        resolution,
        answers,
        Optional.ofNullable(expected.get(resolution.image()))
            .or(() -> resolution.image().digest()));
  }

  private AttemptAnswer answer(NodeAttempt attempt, Reference image, Registries registries) {
    if (attempt.refusal().isPresent()) {
      return AttemptAnswer.failed(
          attempt, AttemptState.IMPOSSIBLE, attempt.refusal().get(), Optional.empty());
    }
    ServerKey server = ServerKey.of(attempt);
    AttemptAnswer known = silent.get(server);
    if (known != null) {
      return AttemptAnswer.unanswered(attempt, known.text());
    }
    long began = System.nanoTime();
    AttemptAnswer answer = ask(attempt, image, registries);
    if (answer.unanswered()) {
      boolean waited = System.nanoTime() - began >= watch.worthTelling().toNanos();
      answer = waited ? answer : ask(attempt, image, registries);
      if (answer.unanswered()) {
        silent.put(server, answer);
      }
    }
    return answer;
  }

  private AttemptAnswer ask(NodeAttempt attempt, Reference image, Registries registries) {
    try {
      return watch
          .over(attempt.host(), () -> registries.ask(route(attempt), image))
          .map(digest -> AttemptAnswer.found(attempt, digest))
          .orElseGet(
              () ->
                  AttemptAnswer.failed(
                      attempt, AttemptState.ABSENT, "not there", Optional.empty()));
    } catch (IOException e) {
      if (e instanceof TransferException failure && failure.silentHost().isPresent()) {
        return AttemptAnswer.unanswered(attempt, AttemptWords.of(e, attempt));
      }
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

  @Override
  public void close() {
    watch.close();
  }

  private static Route route(NodeAttempt attempt) {
    return new Route(endpoint(attempt), attempt.path(), Optional.empty());
  }

  static Endpoint endpoint(NodeAttempt attempt) {
    return new Endpoint(
        attempt.scheme(),
        attempt.host(),
        attempt.root(),
        false,
        attempt.login().credential(),
        Optional.of(attempt.tls().options()));
  }
}
