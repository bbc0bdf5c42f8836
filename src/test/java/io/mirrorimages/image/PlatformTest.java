package io.mirrorimages.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64, true",
    "linux/x86_64, linux/amd64, true",
    "linux/arm64, linux/arm64/v8, true",
    "linux/arm64/v8, linux/arm64, true",
    "linux/arm, linux/arm/v7, true",
    "linux/arm/v6, linux/arm/v7, false",
    "linux/amd64, windows/amd64, false",
    "windows/amd64:10.0.17763, windows/amd64:10.0.17763.6775, true",
    "windows/amd64:10.0.1776, windows/amd64:10.0.17763.6775, false",
    "windows/amd64, windows/amd64:10.0.20348.1, true"
  })
  void acceptsWhatItAsksFor(String wanted, String offered, boolean accepted) {
    assertThat(Platform.parse(wanted).accepts(Platform.parse(offered))).isEqualTo(accepted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "linux",
        "linux/",
        "/amd64",
        "linux/arm/v7/x",
        "linux amd64",
        "windows/amd64:"
      })
  void refusesWhatIsNoPlatform(String text) {
    assertThatThrownBy(() -> Platform.parse(text))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("linux/amd64");
  }
}
