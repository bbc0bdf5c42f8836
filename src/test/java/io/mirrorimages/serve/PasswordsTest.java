package io.mirrorimages.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hashes are those of the C library's crypt(3). */
class PasswordsTest {
  private static final String XXXXX =
      "$2b$04$abcdefghijklmnopqrstuuHFdfK/KuDF7oEbE75jLyPYMbAEUC78i";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "a, $2a$04$abcdefghijklmnopqrstuuMFdJu9yVgmagVAIC24fOZkaFqd3s9JC",
    "xxxxx, " + XXXXX,
    "sécret, $2y$05$abcdefghijklmnopqrstuue73ccPeu6jOIGNYCxh9sGEWx4Cb.zJm",
    "s3cret:with colon, $2b$05$pxlgSmr213a8pWTt0bvqKO66YXZwF4eR1c5i/WeN/LYEeQ59H/Lr2",
  })
  void theRightPasswordIsAcceptedAgainAndAgainAndNoOther(String password, String hash)
      throws IOException {
    Passwords passwords = htpasswd("carol:" + hash + "\n");

    for (int i = 0; i < 3; i++) {
      assertThat(passwords.accept(basic("carol", password))).isTrue();
      assertThat(passwords.accept(basic("carol", password + " "))).isFalse();
      assertThat(passwords.accept(basic("carol", ""))).isFalse();
      assertThat(passwords.accept(basic("Carol", password))).isFalse();
      assertThat(passwords.accept(basic("", password))).isFalse();
      assertThat(passwords.accept(basic("dave", password))).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "71, $2b$04$abcdefghijklmnopqrstuu.gc7UY/21CSNJGJg21jJzx9QiOpJ9bO",
    "72, $2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i",
    "73, $2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i",
    "100, $2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i",
  })
  void longPasswordsCountAsFarAsBcryptReadsThem(int length, String hash) throws IOException {
    Passwords passwords = htpasswd("carol:" + hash);

    assertThat(passwords.accept(basic("carol", "x".repeat(length)))).isTrue();
    assertThat(passwords.accept(basic("carol", "x".repeat(70)))).isFalse();
    assertThat(passwords.accept(basic("carol", "y" + "x".repeat(length - 1)))).isFalse();
  }

  @Test
  void eachUserHasItsOwnPassword() throws IOException {
    Passwords passwords =
        htpasswd(
            """
            # who pulls

            carol:%s\r
              dave:$2a$04$abcdefghijklmnopqrstuuMFdJu9yVgmagVAIC24fOZkaFqd3s9JC
            """
                .formatted(XXXXX));

    assertThat(passwords.accept(basic("carol", "xxxxx"))).isTrue();
    assertThat(passwords.accept(basic("dave", "a"))).isTrue();
    assertThat(passwords.accept(basic("carol", "a"))).isFalse();
    assertThat(passwords.accept(basic("dave", "xxxxx"))).isFalse();
  }

  @Test
  void aWrongPasswordTakesTheSameWorkForEverybody() throws IOException {
    Passwords passwords =
        htpasswd(
            """
            cheap:%s
            dear:$2b$09$abcdefghijklmnopqrstuuHFdfK/KuDF7oEbE75jLyPYMbAEUC78i
            """
                .formatted(XXXXX));
    passwords.accept(basic("dear", "warms up"));

    long known = time(passwords, "dear");
    assertThat(time(passwords, "cheap")).isGreaterThan(known / 3);
    assertThat(time(passwords, "unknown")).isGreaterThan(known / 3);
  }

  /** The least of a few, in nanoseconds of this thread alone, whatever else this machine does. */
  private static long time(Passwords passwords, String user) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long began = work();
      assertThat(passwords.accept(basic(user, user + i))).isFalse();
      best = Math.min(best, work() - began);
    }
    return best;
  }

  private static long work() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  @Test
  void oneThatWasWrongIsKnownAgain() throws IOException {
    Passwords passwords =
        htpasswd("carol:$2b$12$abcdefghijklmnopqrstuuHFdfK/KuDF7oEbE75jLyPYMbAEUC78i");
    long began = work();
    assertThat(passwords.accept(basic("carol", "wrong"))).isFalse();
    long first = work() - began;

    began = work();
    for (int i = 0; i < 10; i++) {
      assertThat(passwords.accept(basic("carol", "wrong"))).isFalse();
    }
    // Ten hashes would be ten times the work.
    assertThat(work() - began).isLessThan(first);
  }

  @Test
  void theOneUserOfTheCommandLineIsAcceptedAndNoOther() {
    Passwords passwords = Passwords.of("robot$mirror", "a:b c");

    assertThat(passwords.accept(basic("robot$mirror", "a:b c"))).isTrue();
    assertThat(passwords.accept(basic("robot$mirror", "a:b"))).isFalse();
    assertThat(passwords.accept(basic("robot", "a:b c"))).isFalse();
    assertThatThrownBy(() -> Passwords.of("a:b", "c")).isInstanceOf(InvalidContentException.class);
    assertThatThrownBy(() -> Passwords.of("", "c")).isInstanceOf(InvalidContentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Basic", "Basic ", "Basic !!!", "Basic Y2Fyb2w=", "Bearer Y2Fyb2w6eHh4eHg="})
  void otherHeadersAreNoPassword(String header) throws IOException {
    assertThat(htpasswd("carol:" + XXXXX).accept(header)).isFalse();
  }

  @Test
  void theSchemeIsAcceptedInAnyCase() throws IOException {
    assertThat(htpasswd("carol:" + XXXXX).accept("bAsIc  Y2Fyb2w6eHh4eHg=")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "carol",
        "carol:",
        ":" + XXXXX,
        "carol:secret",
        "carol:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
        "carol:$apr1$abcdefgh$abcdefghijklmnopqrstuv",
        "carol:" + XXXXX + "x",
        "carol:" + XXXXX + ":x",
      })
  void aLineThatIsNoneIsNamedByItsNumberAndNotShown(String line) {
    assertThatThrownBy(() -> htpasswd("# first\n" + line + "\n"))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("htpasswd:2: ")
        .hasMessageContaining("htpasswd -B")
        .hasMessageNotContainingAny("carol", "secret", "$");
  }

  @Test
  void filesThatNameNobodyOrSomebodyTwiceAreErrors() {
    assertThatThrownBy(() -> htpasswd("# nobody\n\n")).hasMessageContaining("has no user");
    assertThatThrownBy(() -> htpasswd("carol:" + XXXXX + "\ncarol:" + XXXXX))
        .hasMessageContaining("htpasswd:2: the same user again");
    assertThatThrownBy(() -> Passwords.htpasswd(folder.resolve("absent")))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("absent does not exist");
    assertThatThrownBy(() -> Passwords.htpasswd(folder))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("cannot read " + folder);
  }

  private Passwords htpasswd(String text) throws IOException {
    return Passwords.htpasswd(Files.writeString(folder.resolve("htpasswd"), text));
  }

  private static String basic(String username, String password) {
    byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
