package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "1549, 1.5 kB",
    "9949, 9.9 kB",
    "9951, 10 kB",
    "999499, 999 kB",
    "999500, 1.0 MB",
    "31000000000, 31 GB",
    "9223372036854775807, 9.2 EB"
  })
  void showsBytesInDecimalUnits(long bytes, String text) {
    assertThat(Units.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0 s",
    "340, 0.3 s",
    "9999, 10.0 s",
    "42000, 42 s",
    "185000, 3 min 05 s",
    "7800000, 2 h 10 min"
  })
  void showsTimes(long millis, String text) {
    assertThat(Units.time(Duration.ofMillis(millis))).isEqualTo(text);
  }
}
