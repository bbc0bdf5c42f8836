package io.mirrorimages.image;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The keys that a specification gives a JSON object. Programs in Go (containerd, distribution,
 * skopeo, docker) take a key in any case for the known one, and of several the last ({@code
 * encoding/json}, "Unmarshal"); this program knows the exact key only. So an object whose key
 * differs from a known one in case alone is refused: it would be one image here and another there.
 * All other keys are free. Doubled keys are refused by {@link Json} already. Immutable.
 */
public final class JsonKeys {
  private final Map<String, String> known = new LinkedHashMap<>();

  private JsonKeys() {}

  /** These keys, in ASCII, of which no two are the same to Go. */
  public static JsonKeys of(String... keys) {
    JsonKeys all = new JsonKeys();
    for (String key : keys) {
      if (all.known.put(fold(key), key) != null) {
        throw new IllegalArgumentException(key + " is there in another case already");
      }
    }
    return all;
  }

  /** {@link InvalidContentException} naming {@code what} if a key is a known one in other case. */
  public void check(JsonNode object, String what) {
    for (String key : object.propertyNames()) {
      check(key, what);
    }
  }

  /** As {@link #check(JsonNode, String)}, for one key. */
  public void check(String key, String what) {
    String meant = known.get(fold(key));
    if (meant != null && !meant.equals(key)) {
      throw new InvalidContentException(
          what
              + " has the key "
              + Text.quote(key)
              + ", which other programs take for \""
              + meant
              + "\": its maker has to build it again");
    }
  }

  /**
   * As Go folds names: by the simple folding of Unicode, in which the Kelvin sign is a k and the
   * long s an s; of all other characters none becomes a letter of ASCII.
   */
  private static String fold(String key) {
    StringBuilder folded = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      folded.append(
          switch (c) {
            case '\u212a' -> 'k';
            case '\u017f' -> 's';
            default -> c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
          });
    }
    return folded.toString();
  }
}
