package io.mirrorimages.nodes.check.toml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.Json;
import io.mirrorimages.nodes.check.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The official tests of TOML 1.0. */
class TomlVectorsTest {

  @Test
  void validFilesHaveTheirValues() throws IOException {
    assertThat(vectors())
        .filteredOn(one -> one.has("expected"))
        .hasSize(210)
        .allSatisfy(
            one ->
                assertThat(values(TomlParser.parse(toml(one))))
                    .as(name(one))
                    .isEqualTo(values(one.get("expected"))));
  }

  @Test
  void invalidFilesAreRefusedWithALineOfThem() throws IOException {
    assertThat(vectors())
        .filteredOn(one -> !one.has("expected"))
        .hasSize(490)
        .allSatisfy(
            one ->
                assertThatThrownBy(() -> TomlParser.parse(toml(one)))
                    .as(name(one))
                    .isInstanceOfSatisfying(
                        ConfigException.class,
                        e ->
                            assertThat((long) e.line())
                                .isBetween(1L, toml(one).lines().count() + 1)));
  }

  private static List<JsonNode> vectors() throws IOException {
    try (InputStream file = TomlVectorsTest.class.getResourceAsStream("/toml-test/vectors.json")) {
      return Json.MAPPER.readTree(file).valueStream().toList();
    }
  }

  private static String name(JsonNode vector) {
    return vector.get("name").stringValue();
  }

  private static String toml(JsonNode vector) {
    return vector.get("toml").stringValue();
  }

  /** What was read, in the shape of {@link #values(JsonNode)}. */
  private static Object values(Object read) {
    return switch (read) {
      case TomlTable table -> {
        Map<String, Object> values = new HashMap<>();
        table.keys().forEach(key -> values.put(key, values(table.get(key))));
        yield values;
      }
      case List<?> list -> list.stream().map(TomlVectorsTest::values).toList();
      case TomlScalar other -> "not a text";
      default -> read;
    };
  }

  /** The values of tables, arrays, texts and truths; that of other scalars is not looked at. */
  private static Object values(JsonNode expected) {
    if (expected.isArray()) {
      return expected.valueStream().map(TomlVectorsTest::values).toList();
    }
    if (expected.path("type").isString() && expected.path("value").isString()) {
      String value = expected.get("value").stringValue();
      return switch (expected.get("type").stringValue()) {
        case "string" -> value;
        case "bool" -> Boolean.valueOf(value);
        default -> "not a text";
      };
    }
    Map<String, Object> values = new HashMap<>();
    expected.properties().forEach(one -> values.put(one.getKey(), values(one.getValue())));
    return values;
  }
}
