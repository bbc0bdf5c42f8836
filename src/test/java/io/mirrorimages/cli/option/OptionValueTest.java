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
        "sync | --stall-timeout | 0 | --stall-timeout takes a number from 1 on",
        "load | --chunk-size | 0 | --chunk-size takes a number of MiB from 1 on",
        "save | --segments | 17 | --segments takes a number from 1 to 16",
        "doctor | --probe-size | 65537 | --probe-size takes a number of MiB from 1 to 65536",
        "load | --patience | 5 | --patience takes a time as 90s, 30m, 6h or 1h30m, not \"5\"",
        "verify | --platform | windows | --platform: ",
        "load | --max-rate | fast | --max-rate: ",
        "load | --project-quota | 999999999T | --project-quota: ",
        "registries-yaml | --map | rancher | --map: a rule is REGEX=REPLACEMENT",
      })
  void isRefusedWithWhatTheOptionTakes(String command, String option, String value, String line) {
    assertThat(Command.run(command, option, value).complaint(2))
        .startsWith("mirror-images: " + line)
        .endsWith("(see mirror-images " + command + " --help)");
  }
}
