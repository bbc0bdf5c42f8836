package io.mirrorimages.cli.option.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.Command;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpanTest {
  @ParameterizedTest
  @CsvSource({
    "90s, PT90S",
    "30m, PT30M",
    "6h, PT6H",
    "1h30m, PT1H30M",
    "2d12h, PT60H",
    "1d2h3m4s, PT26H3M4S",
    "6H, PT6H",
    "6 h, PT6H",
    "1h 30min, PT1H30M",
    "999999d, PT23999976H",
  })
  void readsWhatPeopleWrite(String text, Duration time) {
    assertThat(new TimeSpan().convert(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({"60, PT1M", "90s, PT90S", "5m, PT5M", "1d, PT24H"})
  void aNumberAloneIsOneOfSecondsWhereTheyAreUsual(String text, Duration time) {
    assertThat(new TimeSpan.PauseTime().convert(text)).isEqualTo(time);
    assertThat(new TimeSpan.Stall().convert(text)).isEqualTo(time);
    assertThat(new TimeSpan.PauseTime().convert("0")).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "6", "h", "0s", "0h0m", "-6h", "1.5h", "30m1h", "6hours", "9999999s", "06:00"})
  void refusesAnythingElse(String text) {
    assertThat(Command.run("verify", "--deadline", text).complaint(2))
        .contains("--deadline takes a time as 90s, 30m, 6h or 1h30m");
  }
}
