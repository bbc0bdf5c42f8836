package io.mirrorimages.credential;

import com.google.cloud.tools.jib.registry.credentials.CredentialHelperNotFoundException;
import com.google.cloud.tools.jib.registry.credentials.CredentialHelperUnhandledServerUrlException;
import com.google.cloud.tools.jib.registry.credentials.DockerCredentialHelper;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs {@code docker-credential-NAME get}, which Jib does, within a time, which Jib does not limit.
 * Nothing a helper prints is shown: its output is secrets, or may hold some. Thread-safe.
 */
final class CredentialHelpers {
  /** How long the end of a process that was killed is waited for. */
  private static final Duration DYING = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Map<String, String> environment;
  private final Duration limit;

  /** Helpers are started with {@code environment} and given {@code limit} to answer. */
  CredentialHelpers(Map<String, String> environment, Duration limit) {
    this.environment = Map.copyOf(environment);
    this.limit = limit;
  }

  /**
   * What the helper knows under the first of the server's spellings that it knows.
   *
   * @param meant whether the helper is named for this very registry, so that its failure is one of
   *     ours; a store that fails for a registry which it never heard of just has nothing
   */
  Optional<Credential> ask(String helper, List<String> servers, boolean meant) {
    if (helper.indexOf('/') >= 0 || helper.indexOf('\\') >= 0) {
      throw new InvalidContentException(
          "a credential helper is named without path: " + io.mirrorimages.image.Text.quote(helper));
    }
    Path program = find("docker-credential-" + helper);
    for (String server : servers) {
      Optional<Credential> credential = ask(program, server, meant);
      if (credential.isPresent()) {
        return credential;
      }
    }
    return Optional.empty();
  }

  /** Looked up in the PATH of the environment that was given, not of this process. */
  private Path find(String program) {
    for (String directory :
        environment.getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
      Path candidate = Path.of(directory).resolve(program);
      if (java.nio.file.Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw notFound(program);
  }

  private Optional<Credential> ask(Path program, String server, boolean meant) {
    FutureTask<Optional<Credential>> answer = new FutureTask<>(() -> run(program, server, meant));
    Thread.ofVirtual().name(program.getFileName().toString()).start(answer);
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stop(program, answer);
      throw failed(program, "did not answer within " + limit.toSeconds() + " s");
    } catch (InterruptedException e) {
      stop(program, answer);
      Thread.currentThread().interrupt();
      throw failed(program, "was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InvalidContentException known) {
        throw known;
      }
      throw failed(program, "failed");
    }
  }

  private Optional<Credential> run(Path program, String server, boolean meant) {
    try {
      var found = new DockerCredentialHelper(server, program, environment).retrieve();
      boolean token = found.isOAuth2RefreshToken();
      return Optional.of(
          new Credential(token ? "" : found.getUsername(), found.getPassword(), token));
    } catch (CredentialHelperUnhandledServerUrlException e) {
      // Jib does not look at the exit status: this is also what a crash looks like.
      if (meant
          && !String.valueOf(e.getMessage())
              .toLowerCase(java.util.Locale.ROOT)
              .contains("not found")) {
        throw failed(program, "failed");
      }
      return Optional.empty();
    } catch (CredentialHelperNotFoundException e) {
      throw notFound(program.toString());
    } catch (IOException e) {
      if (meant) {
        throw failed(program, "failed");
      }
      return Optional.empty();
    }
  }

  /**
   * Kills the helper and waits until it is gone, and with it the thread that reads from it. Jib
   * keeps the process to itself, so it is found again among our children; on a busy machine it may
   * appear there only now.
   */
  private static void stop(Path program, FutureTask<?> reader) {
    long end = System.nanoTime() + DYING.toNanos();
    boolean interrupted = false;
    boolean left = true;
    while (left && System.nanoTime() < end) {
      left = kill(program);
      try {
        reader.get(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException | TimeoutException e) {
        // What it would have said does not count any more.
      }
      left |= !reader.isDone();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there was anything to kill. */
  private static boolean kill(Path program) {
    List<ProcessHandle> helpers =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().commandLine().orElse("").contains(program.toString()))
            .flatMap(child -> Stream.concat(Stream.of(child), child.descendants()))
            .filter(ProcessHandle::isAlive)
            .toList();
    helpers.forEach(ProcessHandle::destroyForcibly);
    return !helpers.isEmpty();
  }

  private static InvalidContentException notFound(String program) {
    return new InvalidContentException(
        "the credential helper "
            + program
            + " is not on the PATH: install it, or give "
            + Setting.USERNAME
            + " and "
            + Setting.PASSWORD_STDIN);
  }

  private static InvalidContentException failed(Path program, String how) {
    return new InvalidContentException(
        "the credential helper "
            + program.getFileName()
            + " "
            + how
            + ": try it by hand with \"get\"");
  }
}
