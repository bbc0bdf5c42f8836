package io.mirrorimages.serve;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who may pull: users and their passwords, by HTTP Basic (RFC 7617). Thread-safe.
 *
 * <p>bcrypt is slow on purpose, and clients send the password with each request: one that was right
 * is known again by its HMAC under a key of this process, and so are the last that were wrong.
 * Hashing takes half of the cores at most, so that wrong guesses do not slow down those who pull,
 * and in a fair order ({@link LoginAttempts}). A wrong answer takes the same work whether there is
 * such a user or not, and whatever the cost of its hash.
 */
public final class Passwords {
  private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}");
  private static final String HMAC = "HmacSHA256";
  private static final int MOST_WRONG = 10_000;

  /** Salt and hash that nobody's password has, but by a chance of 1 in 2^184. */
  private static final String NOBODY = "abcdefghijklmnopqrstuu" + ".".repeat(31);

  private final Map<String, byte[]> hashes;
  private final int highestCost;
  private final Map<String, byte[]> known = new ConcurrentHashMap<>();
  private final Set<ByteBuffer> wrong =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
                  return size() > MOST_WRONG;
                }
              }));
  private final SecretKeySpec key;
  private final LoginAttempts attempts =
      new LoginAttempts(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

  private Passwords(Map<String, byte[]> hashes) {
    this.hashes = hashes;
    this.highestCost = hashes.values().stream().mapToInt(Passwords::cost).max().orElse(0);
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, HMAC);
  }

  /** One user; the password is not kept. */
  public static Passwords of(String username, String password) {
    if (username.isEmpty() || username.indexOf(':') >= 0) {
      throw new InvalidContentException("a user's name is not empty and has no colon");
    }
    Passwords passwords = new Passwords(Map.of());
    passwords.known.put(username, passwords.mac(password.getBytes(StandardCharsets.UTF_8)));
    return passwords;
  }

  /**
   * The users of a file as {@code htpasswd -B} writes it: {@code name:hash}, bcrypt only; empty
   * lines and {@code #} comments are passed over.
   *
   * @throws InvalidContentException with the line's number, if one is anything else; never with
   *     what it says
   */
  public static Passwords htpasswd(Path file) {
    Map<String, byte[]> hashes = new HashMap<>();
    List<String> lines = read(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon <= 0 || !BCRYPT.matcher(line.substring(colon + 1)).matches()) {
        throw new InvalidContentException(
            file + ":" + (i + 1) + ": not a user with a bcrypt hash: make it with htpasswd -B");
      }
      byte[] hash = line.substring(colon + 1).getBytes(StandardCharsets.US_ASCII);
      if (hashes.put(line.substring(0, colon), hash) != null) {
        throw new InvalidContentException(
            file + ":" + (i + 1) + ": the same user again: remove one of the lines");
      }
    }
    if (hashes.isEmpty()) {
      throw new InvalidContentException(file + " has no user in it");
    }
    return new Passwords(Map.copyOf(hashes));
  }

  /** The base-2 logarithm of the rounds, as in {@code $2b$10$...}. */
  private static int cost(byte[] hash) {
    return (hash[4] - '0') * 10 + hash[5] - '0';
  }

  boolean accept(String authorization) {
    return accept(authorization, "");
  }

  /**
   * Whether an {@code Authorization} header has the name and password of a user.
   *
   * @param client the address it comes from
   */
  boolean accept(String authorization, String client) {
    String[] parts = authorization.strip().split(" +", 2);
    if (parts.length < 2 || !parts[0].equalsIgnoreCase("Basic")) {
      return false;
    }
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return false;
    }
    int colon = pair.indexOf(':');
    return colon >= 0 && accept(pair.substring(0, colon), pair.substring(colon + 1), client);
  }

  private boolean accept(String username, String password, String client) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    byte[] mac = mac(bytes);
    if (isKnown(username, mac)) {
      return true;
    }
    byte[] pair = mac((username + ":" + password).getBytes(StandardCharsets.UTF_8));
    if (hashes.isEmpty() || wrong.contains(ByteBuffer.wrap(pair))) {
      return false;
    }
    return attempts.inTurn(
        client,
        () -> isKnown(username, mac),
        () -> {
          boolean accepted = verify(username, bytes);
          if (accepted) {
            known.put(username, mac);
          } else {
            wrong.add(ByteBuffer.wrap(pair));
          }
          return accepted;
        });
  }

  private boolean isKnown(String username, byte[] mac) {
    return MessageDigest.isEqual(known.getOrDefault(username, new byte[0]), mac);
  }

  private boolean verify(String username, byte[] password) {
    byte[] hash = hashes.get(username);
    if (hash == null) {
      verify(password, nobody(highestCost));
      return false;
    }
    if (verify(password, hash)) {
      return true;
    }
    // Each step of the cost is twice the work: with these it is that of the highest.
    for (int cost = cost(hash); cost < highestCost; cost++) {
      verify(password, nobody(cost));
    }
    return false;
  }

  private static byte[] nobody(int cost) {
    return "$2b$%02d$%s".formatted(cost, NOBODY).getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean verify(byte[] password, byte[] hash) {
    // As everybody's bcrypt does: only the first 72 bytes of a password count.
    return BCrypt.verifyer(
            BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A))
        .verify(password, hash)
        .verified;
  }

  private byte[] mac(byte[] password) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(password);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC, e);
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new InvalidContentException(file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new InvalidContentException("cannot read " + file + ": permission denied", e);
    } catch (IOException e) {
      throw new InvalidContentException(
          "cannot read " + file + ": " + ErrorWords.withoutFile(e), e);
    }
  }
}
