package io.mirrorimages.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.Command;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that an option does not take is refused by parsing, in one line. */
class OptionValueTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sync | --jobs | 0 | --jobs takes a number from 1 to 64",
        "sync | -j | 65 | --jobs takes a number from 1 to 64",
        "sync | --jobs | many | --jobs takes a number from 1 to 64",
        "sync | --stall-timeout | 0 | --stall-timeout takes a time from 1s to 1d, as 90 (seconds)",
        "sync | --retry-max-wait | 2d | --retry-max-wait takes a time from 0s to 1d",
        "sync | --retries | abc | --retries takes a number from 0 to 1000, not \"abc\"",
        "sync | --retries | 1000001 | --retries takes a number from 0 to 1000",
        "load | --chunk-size | 0 | --chunk-size: not an amount of bytes",
        "load | --chunk-size | 99999999 | --chunk-size takes a size from 64KiB to 64GiB",
        "load | --chunk-size | 50k | --chunk-size takes a size from 64KiB to 64GiB",
        "save | --segments | 17 | --segments takes a number from 1 to 16",
        "doctor | --probe-size | 65537 | --probe-size takes a size from 64KiB to 64GiB",
        "load | --max-rate | 100Mbit/s | --max-rate: not an amount of bytes",
        "load | --patience | 5 | --patience takes a time as 90s, 30m, 6h or 1h30m, not \"5\"",
        "verify | --platform | windows | --platform: ",
        "load | --max-rate | fast | --max-rate: ",
        "load | --project-quota | 999999999T | --project-quota: ",
        "registries-yaml | --map | rancher | --map: a rule is REGEX=REPLACEMENT",
      })
  void isRefusedWithWhatTheOptionTakes(String command, String option, String value, String line) {
    assertThat(Command.run(command, option, value).complaint(2))
        .startsWith("mirror-images: " + line)
        .endsWith("(try mirror-images help " + command + ")");
  }
}
