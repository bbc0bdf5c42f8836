package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.UnsupportedManifestException;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.testing.OddAnswers;
import io.mirrorimages.testing.RawServer;
import io.mirrorimages.tls.TlsOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a server sends, it is a failure that is known, or it is none. */
@Timeout(120)
class OddAnswersTest {
  private static final long SEED = 20_261_127;
  private static final int LEAST = 30;
  private static final Duration TIME = Duration.ofMillis(1500);
  private static final byte[] CONTENT = {1, 2, 3};
  private static final Descriptor BLOB = new Descriptor("", Digest.sha256(CONTENT), CONTENT.length);
  private static final RegistrySettings SETTINGS =
      TestSettings.quick("carol", "pass")
          .with(new TlsOptions(Optional.empty(), Optional.empty(), Optional.empty(), false, true))
          .with(new Retries(0, Duration.ofMillis(1)))
          .with(
              new Timeouts(Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofMillis(100)));

  private static final List<Attempt> ATTEMPTS =
      List.of(
          (side, repository) -> side.asSource().manifest(named(repository)),
          (side, repository) -> side.asSource().resolve(named(repository)),
          (side, repository) -> side.asSource().has(repository, BLOB),
          OddAnswersTest::read,
          OddAnswersTest::write);

  @Test
  void noneEndsInAnExceptionThatNobodyForesaw() throws IOException {
    long end = System.nanoTime() + TIME.toNanos();
    for (int run = 0; run < LEAST || System.nanoTime() < end; run++) {
      SplittableRandom random = new SplittableRandom(SEED + run);
      Attempt attempt = ATTEMPTS.get(run % ATTEMPTS.size());
      try (RawServer server = answering(new OddAnswers(random));
          // A fresh one, which waits for no host that was in trouble before.
          Registries side = new Registries(SETTINGS)) {
        attempt.run(side, new Repository(server.name(), "a/b"));
      } catch (IOException | InvalidContentException | UnsupportedManifestException e) {
        // A failure of the image that is asked for.
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("run " + run, e);
      }
    }
  }

  @Test
  void theOddOnesAreAllMade() {
    OddAnswers answers = new OddAnswers(new SplittableRandom(SEED));
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      all.append(answers.next("127.0.0.1:1"));
    }
    assertThat(all)
        .contains(
            "Location: http://127.0.0.1:99999/",
            "Location: http://a|b/",
            "realm=\"http://[1.2.3]/",
            "\"expires_in\":9223372036854775807",
            "HTTP/-1.1 200",
            "HTTP/1.1 000");
  }

  private interface Attempt {
    void run(Registries side, Repository repository) throws IOException;
  }

  private static Reference named(Repository repository) {
    return Reference.parse(repository + ":1");
  }

  private static RawServer answering(OddAnswers answers) throws IOException {
    return new RawServer(
        connection -> {
          while (!connection.request().isEmpty()) {
            String answer = answers.next(connection.name());
            connection.send(answer);
            if (answer.hashCode() % 2 == 0) {
              return;
            }
          }
        });
  }

  private static void read(Registries side, Repository repository) throws IOException {
    try (InputStream in = side.asSource().open(repository, BLOB, 0)) {
      in.readAllBytes();
    }
  }

  private static void write(Registries side, Repository repository) throws IOException {
    try (BlobUpload upload = side.asTarget().begin(repository, BLOB, Optional.of(repository))) {
      if (!upload.mounted()) {
        upload.send(new ByteArrayInputStream(CONTENT));
      }
    }
  }
}
