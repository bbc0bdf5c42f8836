package io.mirrorimages.image;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The project's one reader of JSON from outside: strict about duplicate keys and trailing text,
 * bounded in depth, and without the document's content in its errors. Thread-safe.
 */
public final class Json {
  /** The mapper behind {@link #parse}, also for writing. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .build())
          .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * The JSON object in {@code bytes}; {@link InvalidContentException} naming {@code what} if it is
   * anything else.
   */
  public static JsonNode parse(byte[] bytes, String what) {
    JsonNode node;
    try {
      node = MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw new InvalidContentException(
          what + " is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
    if (!node.isObject()) {
      throw new InvalidContentException(what + " is not a JSON object");
    }
    return node;
  }
}
