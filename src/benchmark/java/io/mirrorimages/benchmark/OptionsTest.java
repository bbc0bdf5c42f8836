package io.mirrorimages.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.benchmark.line.LineSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  @Test
  void everythingIsMeasuredFiveTimesUnlessSomeOfItIsNamed() {
    Options all = Options.parse();

    assertThat(all.corpora()).containsExactly("many", "large", "rancher", "huge");
    assertThat(all.parts()).containsExactly("sync", "save", "load", "start", "growth");
    assertThat(all.runs()).isEqualTo(5);
    assertThat(Options.parse("--corpus", "many").parts()).containsExactly("sync", "save", "load");
    assertThat(Options.parse("--only", "start,growth").transfers()).isFalse();
  }

  @Test
  void anotherBuildIsComparedByItsLauncher() {
    assertThat(Options.parse("--baseline", "/bin/sh").baseline()).contains(Path.of("/bin/sh"));
    assertThatThrownBy(() -> Options.parse("--baseline", "/no/such/launcher"))
        .hasMessage(Options.USAGE);
  }

  @Test
  void lineIsTheUsualOneUnlessItIsDescribedAndIsMeasuredByTransfers() {
    Options usual = Options.parse("--line", "--runs", "3");
    assertThat(usual.line()).contains(LineSettings.USUAL);
    assertThat(usual.runs()).isEqualTo(3);
    assertThat(usual.corpora()).containsExactly("many", "rancher");
    assertThat(usual.parts()).containsExactly("sync", "save", "load");
    assertThat(Options.parse("--corpus", "large", "--line", "rtt=20").line())
        .hasValueSatisfying(line -> assertThat(line.roundTrip()).hasMillis(20));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--corpus small",
        "--only all",
        "--runs",
        "--runs 0",
        "--scale 2",
        "--jobs 3",
        "--line speed=3"
      })
  void whatIsNoneOfItsOptionsIsAnsweredWithItsUsage(String line) {
    assertThatThrownBy(() -> Options.parse(line.split(" "))).hasMessage(Options.USAGE);
  }
}
