package io.mirrorimages.image;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The project's one reader of JSON from outside: strict about duplicate keys, trailing text and
 * UTF-8, bounded in depth and in what becomes of it in memory, and with hardly any of the
 * document's content in its errors. Thread-safe.
 */
public final class Json {
  /**
   * More than a manifest of the largest size can sensibly have. A node in memory is many times as
   * large as the three bytes that may make it.
   */
  private static final int MOST_TOKENS = 1_000_000;

  /** For writing, and for reading piece by piece. */
  public static final JsonMapper MAPPER = mapper(StreamReadConstraints.builder());

  private static final JsonMapper BOUNDED =
      mapper(StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS));

  /** What the parser quotes may be a secret that lacks its quotes. */
  private static final Pattern TOKEN = Pattern.compile("token '[^']*'?");

  private Json() {}

  /**
   * The JSON object in {@code bytes}; {@link InvalidContentException} naming {@code what} if it is
   * anything else.
   */
  public static JsonNode parse(byte[] bytes, String what) {
    checkEncoding(bytes, what);
    return parse(bytes, 0, bytes.length, what);
  }

  private static JsonNode parse(byte[] bytes, int offset, int length, String what) {
    JsonNode node;
    try {
      node = BOUNDED.readTree(bytes, offset, length);
    } catch (JacksonException e) {
      throw malformed(what, e);
    }
    if (!node.isObject()) {
      throw new InvalidContentException(what + " is not a JSON object");
    }
    return node;
  }

  /** A parser for {@code bytes}; the caller bounds what it keeps. */
  public static JsonParser parser(byte[] bytes, String what) {
    checkEncoding(bytes, what);
    return MAPPER.createParser(bytes);
  }

  /**
   * The object at which {@code json} is, a parser of all the {@code bytes}, which is left at its
   * end. It is measured before it is made a tree, which may be many times as large.
   *
   * @throws InvalidContentException if it is no object, or has more than {@code largest} bytes
   */
  public static JsonNode element(JsonParser json, byte[] bytes, int largest, String what) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new InvalidContentException(what + " has an entry that is no JSON object");
    }
    long start = json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    long size = json.currentLocation().getByteOffset() - start;
    if (size > largest) {
      throw new InvalidContentException(what + " has an entry of " + size + " bytes");
    }
    return parse(bytes, (int) start, (int) size, what);
  }

  /**
   * What is to be said when {@code what} turns out not to be JSON: where, and not what stands
   * there.
   */
  public static InvalidContentException malformed(String what, JacksonException problem) {
    String first = problem.getOriginalMessage().lines().findFirst().orElse("");
    String where =
        problem.getLocation() == null || problem.getLocation().getLineNr() < 1
            ? ""
            : ", line %d, column %d"
                .formatted(problem.getLocation().getLineNr(), problem.getLocation().getColumnNr());
    return new InvalidContentException(
        what + " is not JSON: " + Text.plain(TOKEN.matcher(first).replaceFirst("token")) + where,
        problem);
  }

  /** JSON is UTF-8 (RFC 8259, 8.1). The parser takes other encodings, other programs do not. */
  private static void checkEncoding(byte[] bytes, String what) {
    for (int i = 0; i < Math.min(2, bytes.length); i++) {
      int b = bytes[i] & 0xff;
      if (b == 0 || (i == 0 && b >= 0xef)) {
        throw new InvalidContentException(what + " is not JSON: it is not UTF-8, or has a mark");
      }
    }
  }

  private static JsonMapper mapper(StreamReadConstraints.Builder constraints) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(constraints.maxNestingDepth(100).build())
                .build())
        .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }
}
