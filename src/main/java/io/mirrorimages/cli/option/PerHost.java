package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an option was given for single hosts, as {@code HOST=VALUE}, or {@code HOST} for a switch;
 * or, without a host, for the only registry that there is.
 */
final class PerHost {
  /** A switch without a host. */
  static final String ANY = "*";

  private final Map<String, String> values = new HashMap<>();

  private PerHost() {}

  /**
   * Reads {@code VALUE} or {@code HOST=VALUE}.
   *
   * @param registries those of the side
   */
  static PerHost values(String option, String[] given, Set<String> registries) {
    PerHost all = new PerHost();
    for (String text : given) {
      Optional<String> host = hostOf(text, registries);
      all.put(
          option,
          host.map(h -> known(option, h, registries)).orElse(""),
          host.isPresent() ? text.substring(text.indexOf('=') + 1) : text,
          registries,
          option.endsWith("username") ? "=NAME" : "=FILE");
    }
    return all;
  }

  /**
   * Reads {@link #ANY} or {@code HOST}.
   *
   * @param ofTheSide whether it has a meaning for the side's registries only
   */
  static PerHost switches(
      String option, String[] given, Set<String> registries, boolean ofTheSide) {
    PerHost all = new PerHost();
    for (String text : given) {
      String host = text.equals(ANY) ? "" : normal(option, text);
      all.put(
          option,
          ofTheSide && !host.isEmpty() ? known(option, host, registries) : host,
          "",
          registries,
          "");
    }
    return all;
  }

  private void put(String option, String host, String value, Set<String> registries, String form) {
    if (host.isEmpty() && registries.size() > 1) {
      throw new UsageException(
          "%s is for one registry, and the list names %d (%s): say which, as in %s %s%s%s"
              .formatted(
                  option,
                  registries.size(),
                  shown(registries),
                  option,
                  registries.iterator().next(),
                  form,
                  option.endsWith("username") ? ", or use docker login" : ""));
    }
    if (values.putIfAbsent(host, value) != null && !values.get(host).equals(value)) {
      throw new UsageException(option + " is given twice" + (host.isEmpty() ? "" : " for " + host));
    }
  }

  private static String shown(Set<String> registries) {
    return String.join(", ", registries.stream().limit(5).toList())
        + (registries.size() > 5 ? ", ..." : "");
  }

  /**
   * What stands before the first {@code =}, if that is a host: users and files may have one too.
   */
  private static Optional<String> hostOf(String text, Set<String> registries) {
    int equals = text.indexOf('=');
    String before = text.substring(0, Math.max(equals, 0));
    try {
      String host = Reference.checkRegistry(before);
      boolean named = before.matches(".*[.:].*") || before.equals("localhost");
      return registries.contains(host) || (named && !isFile(text))
          ? Optional.of(host)
          : Optional.empty();
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }

  private static boolean isFile(String text) {
    try {
      return Files.exists(Path.of(text));
    } catch (java.nio.file.InvalidPathException e) {
      return false;
    }
  }

  /** A host as images name it; an error of usage, which does not repeat it, if it is none. */
  static String normal(String option, String host) {
    try {
      return Reference.checkRegistry(host);
    } catch (InvalidContentException e) {
      throw new UsageException(option + " takes a host, as in " + option + " registry.lan:5000");
    }
  }

  private static String known(String option, String host, Set<String> registries) {
    if (!registries.contains(host)) {
      throw new UsageException(
          option + " is for " + host + ", which is not asked here, but " + shown(registries));
    }
    return host;
  }

  /** The hosts that it was given for. */
  Set<String> hosts() {
    Set<String> hosts = new java.util.TreeSet<>(values.keySet());
    hosts.remove("");
    return hosts;
  }

  /** What it was given for a host, and for the only registry with an empty one. */
  Optional<String> of(String host) {
    return Optional.ofNullable(values.get(host));
  }
}
