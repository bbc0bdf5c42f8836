package io.mirrorimages.cli.command.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.command.inspect.TextTable.Column;
import io.mirrorimages.cli.command.inspect.TextTable.Concession;
import io.mirrorimages.cli.command.inspect.TextTable.Cut;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTableTest {
  private static final List<Concession> CONCESSIONS =
      List.of(new Concession(2, 0), new Concession(0, 10), new Concession(0, 6));

  private final TextTable table =
      new TextTable(
          Column.left("IMAGE", Cut.START), Column.numbers("SIZE"), Column.left("ON", Cut.END));

  @BeforeEach
  void fill() {
    table.row("docker.io/rancher/shell:v1", "12 MB", "linux/amd64 linux/arm64");
    table.row("a", "1.5 GB", "");
  }

  @Test
  void withoutAWidthNothingIsCut() {
    assertThat(table.lines(OptionalInt.empty(), CONCESSIONS))
        .containsExactly(
            "IMAGE                         SIZE  ON",
            "docker.io/rancher/shell:v1   12 MB  linux/amd64 linux/arm64",
            "a                           1.5 GB");
  }

  @Test
  void whatFitsIsAsWithoutAWidth() {
    assertThat(table.lines(OptionalInt.of(59), CONCESSIONS))
        .isEqualTo(table.lines(OptionalInt.empty(), CONCESSIONS));
  }

  @Test
  void theFirstConcessionsAreMadeFirst() {
    assertThat(table.lines(OptionalInt.of(34), CONCESSIONS))
        .containsExactly(
            "IMAGE                         SIZE",
            "docker.io/rancher/shell:v1   12 MB",
            "a                           1.5 GB");
  }

  @Test
  void ofANameItsEndIsKept() {
    assertThat(table.lines(OptionalInt.of(18), CONCESSIONS).get(1)).isEqualTo("...hell:v1   12 MB");
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 20, 40, 58, 59, 200})
  void noLineIsWiderThanTheTerminal(int width) {
    assertThat(table.lines(OptionalInt.of(width), CONCESSIONS))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
  }
}
