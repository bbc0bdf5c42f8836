package io.mirrorimages.cli.option.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  private static final List<String> KNOWN =
      List.of("save", "serve", "--list", "--limit", "--retries", "--retry-max-wait", "-l");

  @ParameterizedTest
  @CsvSource({
    "svae, save",
    "sve, save",
    "serv, serve",
    "--lsit, --list",
    "--lists, --list",
    "--retry, --retry-max-wait",
    "--retries-max, --retries",
  })
  void findsWhatWasMeant(String word, String meant) {
    assertThat(Spelling.near(word, KNOWN)).startsWith(meant);
  }

  @ParameterizedTest
  @CsvSource({"-x", "--frobnicate", "--resolve", "help"})
  void makesNothingUp(String word) {
    assertThat(Spelling.near(word, List.of("--list", "--registry", "save"))).isEmpty();
  }
}
