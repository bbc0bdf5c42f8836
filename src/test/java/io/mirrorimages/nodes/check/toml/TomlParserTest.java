package io.mirrorimages.nodes.check.toml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.nodes.check.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TOML as the specification has it. */
class TomlParserTest {

  @Test
  void tablesKeepTheirOrderAndLines() {
    TomlTable file =
        TomlParser.parse(
            """
            # comment
            server = "https://a" # more
            [host."https://b.c:5000/v2"]
              capabilities = [
                "pull", # one
                'resolve',
              ]
            [host.d.header]
              "x y" = ["1"]
            [[registry]]
            prefix = '''
            p'''
            [[registry.mirror]]
            location = "m"
            [[registry]]
            a.b = true
            c = { d = "e", f = 1 }
            """);
    assertThat(file.text("server")).contains("https://a");
    assertThat(file.line("server")).isEqualTo(2);
    TomlTable hosts = file.table("host").orElseThrow();
    assertThat(hosts.keys()).containsExactly("https://b.c:5000/v2", "d");
    assertThat(hosts.line("https://b.c:5000/v2")).isEqualTo(3);
    assertThat(hosts.table("https://b.c:5000/v2").orElseThrow().texts("capabilities"))
        .containsExactly("pull", "resolve");
    assertThat(file.table("host", "d", "header").orElseThrow().texts("x y")).containsExactly("1");
    assertThat(file.tables("registry")).hasSize(2);
    TomlTable first = file.tables("registry").getFirst();
    assertThat(first.text("prefix")).contains("p");
    assertThat(first.tables("mirror").getFirst().line("location")).isEqualTo(14);
    TomlTable second = file.tables("registry").get(1);
    assertThat(second.table("a").orElseThrow().truth("b")).isTrue();
    assertThat(second.table("c").orElseThrow().text("d")).contains("e");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"\"a\\tb\\u00e9\\\"\"|a\tbé\"", "'a\\tb'|a\\tb", "\"\"\"a\"b\"\"\"|a\"b"})
  void textsHaveTheirEscapes(String written, String read) {
    assertThat(TomlParser.parse("k = " + written).text("k")).contains(read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k = a",
        "k = \"a",
        "k = \"a\\.b\"",
        "k = 'a'\nk = 'b'",
        "k",
        "[a",
        "= 1",
        "k = [1, 2",
        "k = 1 l = 2",
        "k = \"\\ud8\"",
        "k = 1\n[[k]]"
      })
  void whatIsNoTomlIsRefusedWithItsLine(String text) {
    assertThatThrownBy(() -> TomlParser.parse("\n" + text))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.line()).isPositive());
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> TomlParser.parse("k = " + "[".repeat(100_000)))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void aValueOfAnotherTypeIsRefused() {
    assertThatThrownBy(() -> TomlParser.parse("k = 1").text("k"))
        .hasMessageContaining("must be a text");
  }
}
