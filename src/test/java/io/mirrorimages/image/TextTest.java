package io.mirrorimages.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void whatSteersATerminalIsEscaped() {
    assertThat(Text.plain("a\nb\u001b[2J\u202e\u2028\u0085\ud800"))
        .isEqualTo("a\\u000ab\\u001b[2J\\u202e\\u2028\\u0085\\ud800");
    assertThat(Text.quote("Grüße \uD83D\uDE00")).isEqualTo("\"Grüße \uD83D\uDE00\"");
  }

  @Test
  void itIsShortWhateverItSays() {
    assertThat(Text.plain("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThat(Text.plain("x".repeat(201))).isEqualTo("x".repeat(200) + "...");
    assertThat(Text.plain("\0".repeat(100_000))).hasSizeLessThan(210).endsWith("...");
  }
}
