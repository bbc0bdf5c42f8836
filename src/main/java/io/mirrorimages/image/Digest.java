package io.mirrorimages.image;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The address of content: {@code sha256:<64 hex>} or {@code sha512:<128 hex>}, lower case (OCI
 * image-spec, descriptor.md, "Digests"). A value of this type is safe in a URL and in a file name.
 *
 * <p>Held as the bits it stands for: a plan of 100,000 images has half a million of them, and as
 * text each would take three times as much. Immutable and thread-safe.
 */
public final class Digest {
  private static final String SHA256 = "sha256";
  private static final String SHA512 = "sha512";
  private static final int HEX_OF_LONG = 2 * Long.BYTES;
  private static final int WORDS_OF_SHA256 = 4;
  private static final int WORDS_OF_SHA512 = 8;
  private static final long[] NO_MORE = {};

  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  /** What a sha512 has beyond the first half. */
  private final long[] more;

  private Digest(long[] words) {
    first = words[0];
    second = words[1];
    third = words[2];
    fourth = words[3];
    more =
        words.length == WORDS_OF_SHA256
            ? NO_MORE
            : Arrays.copyOfRange(words, WORDS_OF_SHA256, words.length);
  }

  /**
   * Checks both parts; {@link InvalidContentException} if one is not as described.
   *
   * @param algorithm {@code sha256} or {@code sha512}
   * @param hex the encoded hash, lower-case hexadecimal of the algorithm's length
   */
  public Digest(String algorithm, String hex) {
    this(words(algorithm + ":" + hex, algorithm.length()));
  }

  /** Parses {@code algorithm:hex}; {@link InvalidContentException} if it is anything else. */
  public static Digest parse(String text) {
    return new Digest(words(text, text.indexOf(':')));
  }

  /** The hash in {@code text}, whose algorithm ends before {@code colon}. */
  private static long[] words(String text, int colon) {
    int length =
        colon == SHA256.length() && text.startsWith(SHA256)
            ? WORDS_OF_SHA256
            : colon == SHA512.length() && text.startsWith(SHA512) ? WORDS_OF_SHA512 : 0;
    int hex = colon + 1;
    if (length == 0 || text.length() != hex + length * HEX_OF_LONG) {
      throw invalid(text);
    }
    for (int i = hex; i < text.length(); i++) {
      if (!isLowerHex(text.charAt(i))) {
        throw invalid(text);
      }
    }
    long[] words = new long[length];
    for (int i = 0; i < length; i++) {
      int from = hex + i * HEX_OF_LONG;
      words[i] = HexFormat.fromHexDigitsToLong(text, from, from + HEX_OF_LONG);
    }
    return words;
  }

  /** {@code sha256} or {@code sha512}. */
  public String algorithm() {
    return more.length == 0 ? SHA256 : SHA512;
  }

  /** The encoded hash, lower-case hexadecimal of the algorithm's length. */
  public String hex() {
    return appendHex(new StringBuilder(more.length == 0 ? 64 : 128)).toString();
  }

  private StringBuilder appendHex(StringBuilder text) {
    HexFormat hex = HexFormat.of();
    text.append(hex.toHexDigits(first))
        .append(hex.toHexDigits(second))
        .append(hex.toHexDigits(third))
        .append(hex.toHexDigits(fourth));
    for (long word : more) {
      text.append(hex.toHexDigits(word));
    }
    return text;
  }

  /** The sha256 digest of {@code bytes}. */
  public static Digest sha256(byte[] bytes) {
    return of(SHA256, bytes);
  }

  /**
   * The digest of {@code bytes} by this digest's algorithm; equal to this one only if the content
   * is.
   */
  public Digest ofSameAlgorithm(byte[] bytes) {
    return of(algorithm(), bytes);
  }

  /** A fresh hasher of this digest's algorithm; not thread-safe, as any {@link MessageDigest}. */
  public MessageDigest newHasher() {
    return hasher(algorithm());
  }

  private static Digest of(String algorithm, byte[] bytes) {
    byte[] hash = hasher(algorithm).digest(bytes);
    long[] words = new long[hash.length / Long.BYTES];
    ByteBuffer.wrap(hash).asLongBuffer().get(words);
    return new Digest(words);
  }

  private static MessageDigest hasher(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.equals(SHA256) ? "SHA-256" : "SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256 and SHA-512", e);
    }
  }

  private static boolean isLowerHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  private static InvalidContentException invalid(String text) {
    return new InvalidContentException("not a digest: " + Text.quote(text));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that
        && first == that.first
        && second == that.second
        && third == that.third
        && fourth == that.fourth
        && Arrays.equals(more, that.more);
  }

  @Override
  public int hashCode() {
    // Of all words: digests that somebody made up may differ in the last one only.
    long mixed = ((first * 31 + second) * 31 + third) * 31 + fourth;
    return Long.hashCode(mixed) * 31 + Arrays.hashCode(more);
  }

  /** {@code algorithm:hex}. */
  @Override
  public String toString() {
    return appendHex(
            new StringBuilder(7 + 64 + HEX_OF_LONG * more.length).append(algorithm()).append(':'))
        .toString();
  }
}
