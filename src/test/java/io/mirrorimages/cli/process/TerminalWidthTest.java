package io.mirrorimages.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalWidthTest {
  @ParameterizedTest
  @CsvSource({"24 132, 132", "0 0, 80", "'', 80", "stty: no terminal, 80"})
  void theSecondNumberIsTheWidth(String size, int columns) {
    assertThat(TerminalWidth.columns(size + "\n")).isEqualTo(columns);
  }
}
