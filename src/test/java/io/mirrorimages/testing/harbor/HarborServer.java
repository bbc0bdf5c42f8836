package io.mirrorimages.testing.harbor;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Harbor, real or not, and its administrator. A real one is named by {@code -Dharbor.url}, {@code
 * -Dharbor.username} and {@code -Dharbor.password}, or by {@code HARBOR_URL}, {@code
 * HARBOR_USERNAME} and {@code HARBOR_PASSWORD} in the environment, which no list of processes
 * shows. {@code -Dharbor.ca=PEM} names the authority of a private certificate, {@code
 * -Dharbor.insecure=true} accepts any.
 *
 * @param url {@code https://host[:port]}, or http
 * @param username a user with all rights
 * @param password the user's
 * @param ca whom to trust besides those that the system does
 * @param insecure whether any certificate will do
 */
public record HarborServer(
    URI url, String username, String password, Optional<Path> ca, boolean insecure) {
  private static final String SECRET = "password";

  private static volatile Optional<String> taken = Optional.empty();

  /**
   * Takes the password out of the system properties, which reports of tests list; to be called
   * before the first test.
   */
  static void hidePassword() {
    Optional.ofNullable(System.clearProperty("harbor." + SECRET))
        .ifPresent(value -> taken = Optional.of(value));
  }

  /** The real one that was named, if one was. */
  public static Optional<HarborServer> given() {
    return value("url")
        .map(
            url ->
                new HarborServer(
                    URI.create(url.replaceFirst("/+$", "")),
                    needed("username"),
                    needed(SECRET),
                    value("ca").map(Path::of),
                    value("insecure").map(Boolean::valueOf).orElse(false)));
  }

  /** The double, with its first administrator. */
  public static HarborServer of(HarborFront front) {
    return new HarborServer(
        URI.create("http://" + front.name()),
        HarborFront.ADMIN,
        HarborFront.PASSWORD,
        Optional.empty(),
        false);
  }

  /** Whether something was asked for that others would notice, by {@code -Dharbor.NAME=true}. */
  public static boolean isAllowed(String name) {
    return value(name).map(Boolean::valueOf).orElse(false);
  }

  /** {@code host[:port]}, as in image names. */
  public String name() {
    return url.getRawAuthority();
  }

  /**
   * How a command of the tool reaches it, beside user and password.
   *
   * @param side {@code target}, or {@code source}
   */
  public List<Object> options(String side) {
    List<Object> options = new ArrayList<>();
    if (url.getScheme().equals("http")) {
      options.add("--" + side + "-plain-http");
    }
    ca.ifPresent(file -> options.addAll(List.of("--" + side + "-ca-file", file)));
    if (insecure) {
      options.add("--" + side + "-insecure-skip-verify");
    }
    return options;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return url + " as " + username;
  }

  private static String needed(String name) {
    return value(name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "harbor.url needs harbor." + name + " or " + environment(name)));
  }

  private static Optional<String> value(String name) {
    return Optional.ofNullable(System.getProperty("harbor." + name))
        .or(() -> name.equals(SECRET) ? taken : Optional.empty())
        .or(() -> Optional.ofNullable(System.getenv(environment(name))))
        .filter(value -> !value.isBlank());
  }

  private static String environment(String name) {
    return "HARBOR_" + name.toUpperCase(java.util.Locale.ROOT);
  }
}
