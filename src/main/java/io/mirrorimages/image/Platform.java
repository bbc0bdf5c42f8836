package io.mirrorimages.image;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What an image runs on (OCI image-spec, image-index.md, "platform").
 *
 * @param os for example {@code linux}; {@code unknown} for entries that are no images
 * @param architecture in Go's spelling, for example {@code amd64}
 * @param variant for example {@code v7}; empty if there is none
 * @param osVersion for example {@code 10.0.17763.6775}; empty if there is none
 */
public record Platform(String os, String architecture, String variant, String osVersion) {
  static final JsonKeys KEYS =
      JsonKeys.of("os", "architecture", "variant", "os.version", "os.features", "features");

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Map<String, String> ARCHITECTURES =
      Map.of(
          "x86_64", "amd64", "x86-64", "amd64", "aarch64", "arm64", "armhf", "arm", "i386", "386");

  /** Brings other spellings of an architecture and arm64's implied {@code v8} to one form. */
  public Platform {
    architecture = ARCHITECTURES.getOrDefault(architecture, architecture);
    if (architecture.equals("arm64") && variant.equals("v8")) {
      variant = "";
    }
  }

  /**
   * Parses {@code os/arch[/variant][:os.version]}; {@link InvalidContentException} if it is
   * anything else.
   */
  public static Platform parse(String text) {
    int colon = text.indexOf(':');
    String osVersion = colon < 0 ? "" : text.substring(colon + 1);
    String[] parts = (colon < 0 ? text : text.substring(0, colon)).split("/", -1);
    boolean valid = parts.length == 2 || parts.length == 3;
    for (String part : parts) {
      valid &= PART.matcher(part).matches();
    }
    if (!valid || (colon >= 0 && !PART.matcher(osVersion).matches())) {
      throw new InvalidContentException(
          "not a platform: "
              + Text.quote(text)
              + " (os/arch[/variant][:os.version], for example linux/amd64)");
    }
    return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : "", osVersion);
  }

  /**
   * Whether an image of {@code other} is what this platform asks for. Variant and OS version are
   * only compared where this one names them; an OS version matches as a dotted prefix, so {@code
   * 10.0.17763} takes every build of it.
   */
  public boolean accepts(Platform other) {
    return os.equals(other.os)
        && architecture.equals(other.architecture)
        && (variant.isEmpty() || variant.equals(other.variant))
        && (osVersion.isEmpty()
            || other.osVersion.equals(osVersion)
            || other.osVersion.startsWith(osVersion + "."));
  }

  /** {@code os/arch[/variant][:os.version]}. */
  @Override
  public String toString() {
    return os
        + "/"
        + architecture
        + (variant.isEmpty() ? "" : "/" + variant)
        + (osVersion.isEmpty() ? "" : ":" + osVersion);
  }
}
