package io.mirrorimages.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/**
 * The address of content: {@code sha256:<64 hex>} or {@code sha512:<128 hex>}, lower case (OCI
 * image-spec, descriptor.md, "Digests"). A value of this type is safe in a URL and in a file name.
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex the encoded hash, lower-case hexadecimal of the algorithm's length
 */
public record Digest(String algorithm, String hex) {

  /** Checks both parts; {@link InvalidContentException} if one is not as described. */
  public Digest {
    int length =
        switch (algorithm) {
          case "sha256" -> 64;
          case "sha512" -> 128;
          default -> throw invalid(algorithm + ":" + hex);
        };
    if (hex.length() != length || !hex.chars().allMatch(Digest::isLowerHex)) {
      throw invalid(algorithm + ":" + hex);
    }
  }

  /** Parses {@code algorithm:hex}; {@link InvalidContentException} if it is anything else. */
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw invalid(text);
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /** The sha256 digest of {@code bytes}. */
  public static Digest sha256(byte[] bytes) {
    return of("sha256", bytes);
  }

  /**
   * The digest of {@code bytes} by this digest's algorithm; equal to this one only if the content
   * is.
   */
  public Digest ofSameAlgorithm(byte[] bytes) {
    return of(algorithm, bytes);
  }

  /** A fresh hasher of this digest's algorithm; not thread-safe, as any {@link MessageDigest}. */
  public MessageDigest newHasher() {
    return hasher(algorithm);
  }

  private static Digest of(String algorithm, byte[] bytes) {
    return new Digest(algorithm, HexFormat.of().formatHex(hasher(algorithm).digest(bytes)));
  }

  private static MessageDigest hasher(String algorithm) {
    try {
      return MessageDigest.getInstance(
          "SHA-" + Objects.requireNonNull(algorithm).substring(3).toUpperCase(Locale.ROOT));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256 and SHA-512", e);
    }
  }

  private static boolean isLowerHex(int c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
  }

  private static InvalidContentException invalid(String text) {
    return new InvalidContentException("not a digest: " + Text.quote(text));
  }

  /** {@code algorithm:hex}. */
  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
