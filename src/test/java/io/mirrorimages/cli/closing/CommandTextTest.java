package io.mirrorimages.cli.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed as a command is one when it is pasted. */
class CommandTextTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "rancher.tar, rancher.tar",
        "/srv/a+b_c@1/x-2.tar, /srv/a+b_c@1/x-2.tar",
        "镜像-2025.tar, 镜像-2025.tar",
        "镜像-*.tar, '镜像-*.tar'",
        "my images.tar, 'my images.tar'",
        "rancher-*.tar, 'rancher-*.tar'",
        "it's.tar, 'it'\\''s.tar'"
      })
  void quotesOnlyWhatAShellWouldChange(String file, String word) {
    assertThat(CommandText.word(file)).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a b.tar", "e*c[h]o?", "$HOME `id` \"q\" \\ ;&|<>()#!~", "it's", "~", "镜像 1.tar"})
  void isOneWordOfAShell(String file) throws Exception {
    Process shell = new ProcessBuilder("sh").start();
    try (Writer script = shell.outputWriter(StandardCharsets.UTF_8)) {
      script.write("printf '[%s]' " + CommandText.word(file) + "\n");
    }
    assertThat(shell.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("[" + file + "]");
    assertThat(shell.waitFor(120, TimeUnit.SECONDS)).isTrue();
  }
}
