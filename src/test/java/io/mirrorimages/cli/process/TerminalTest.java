package io.mirrorimages.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.report.live.TerminalSize;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "C.UTF-8, xterm, -, true, true, true",
        "zh_CN.utf8, tmux-256color, -, true, true, true",
        "zh_CN.GBK, xterm, -, true, true, false",
        "C, xterm, -, true, true, false",
        "C.UTF-8, linux, -, true, true, false",
        "C.UTF-8, xterm, 1, true, false, true",
        "C.UTF-8, dumb, -, false, false, true",
        "C.UTF-8, '', -, false, false, true",
        "'', xterm, -, false, false, false"
      })
  void theLauncherKnows(
      String locale,
      String type,
      String noColor,
      boolean steerable,
      boolean coloured,
      boolean utf8) {
    Terminal terminal =
        Terminal.of(
            noColor == null
                ? Map.of("MIRROR_IMAGES_TERMINAL", locale, "TERM", type, "LC_ALL", "C.UTF-8")
                : Map.of("MIRROR_IMAGES_TERMINAL", locale, "TERM", type, "NO_COLOR", noColor),
            () -> true);

    assertThat(terminal.isSteerable()).isEqualTo(steerable);
    assertThat(terminal.hasColours()).isEqualTo(coloured);
    assertThat(terminal.isUnicode()).isEqualTo(utf8);
  }

  @Test
  void withoutTheLauncherTheVariablesOfTheLocaleCount() {
    Map<String, String> variables =
        Map.of("LC_ALL", "", "LC_CTYPE", "C", "LANG", "C.UTF-8", "TERM", "xterm");

    assertThat(Terminal.of(variables, () -> true).locale()).contains("C");
    assertThat(Terminal.of(Map.of(), () -> true).locale()).contains("C");
    assertThat(Terminal.of(variables, () -> false).isAttached()).isFalse();
  }

  /** As a shell sends it at fg. */
  @Test
  @Timeout(120)
  void afterCtrlZTheTerminalCountsAsChanged() throws Exception {
    TerminalWatch watch = new TerminalWatch();
    try {
      watch.current();
      assertThat(watch.hasChanged()).isFalse();
      long pid = ProcessHandle.current().pid();
      assertThat(new ProcessBuilder("sh", "-c", "kill -CONT " + pid).start().waitFor()).isZero();
      while (!watch.hasChanged()) {
        Thread.onSpinWait();
      }
    } finally {
      watch.close();
    }
  }

  @Test
  void sttySaysRowsAndColumns() {
    assertThat(TerminalWatch.parsed("24 80")).contains(new TerminalSize(80, 24));
    assertThat(TerminalWatch.parsed("5 40")).contains(new TerminalSize(40, 5));
  }

  /** A serial line has none, and busybox may not have stty. */
  @ParameterizedTest
  @ValueSource(strings = {"0 0", "0 80", "", "stty: 'standard input': not a tty", "1000000 80"})
  void otherAnswersAreNoSize(String answer) {
    assertThat(TerminalWatch.parsed(answer)).isEmpty();
  }

  @Test
  void elseTheShellMayHaveIt() {
    assertThat(TerminalWatch.of(Map.of("LINES", "50", "COLUMNS", "120")))
        .isEqualTo(new TerminalSize(120, 50));
    assertThat(TerminalWatch.of(Map.of("COLUMNS", "120"))).isEqualTo(new TerminalSize(120, 24));
    assertThat(TerminalWatch.of(Map.of("LINES", "many"))).isEqualTo(TerminalSize.USUAL);
  }
}
