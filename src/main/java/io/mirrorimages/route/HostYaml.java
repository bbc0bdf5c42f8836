package io.mirrorimages.route;

import io.mirrorimages.credential.Credential;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An entry of {@code configs} as it was written: the login and the certificates of a host. A
 * section that comes twice is filled twice, as Go does it, and an empty one clears what stood
 * before.
 *
 * @param line where it stands
 * @param auth empty if there is none
 * @param tls empty if there is none
 */
public record HostYaml(int line, Optional<AuthText> auth, Optional<TlsText> tls) {
  private static final Set<String> OF_CONFIG = Set.of("auth", "tls");
  private static final Set<String> OF_AUTH =
      Set.of("username", "password", "auth", "identity_token");
  private static final Set<String> OF_TLS =
      Set.of("ca_file", "cert_file", "key_file", "insecure_skip_verify");

  /** Takes the keys that have no meaning where they stand. */
  @FunctionalInterface
  public interface UnknownKeys {
    /**
     * A key without meaning.
     *
     * @param where such as {@code in a tls}
     * @param known the keys that have a meaning there
     */
    void unknown(YamlMap.Entry entry, String where, Set<String> known);
  }

  /**
   * An {@code auth}.
   *
   * @param line where it stands
   * @param given values by key, with secrets among them
   */
  public record AuthText(int line, Map<String, String> given) {
    /** Copies the map. */
    public AuthText {
      given = Map.copyOf(given);
    }

    /** What containerd logs in with; empty if it is nothing usable. */
    public Optional<Credential> credential() {
      return Credential.ofContainerd(
          text("username"), text("password"), text("identity_token"), encoded());
    }

    /** The value of {@code auth} in it; empty if there is none. */
    public String encoded() {
      return text("auth");
    }

    private String text(String key) {
      return given.getOrDefault(key, "");
    }

    /** Its line, without secrets. */
    @Override
    public String toString() {
      return "auth in line " + line;
    }
  }

  /** A file, and the line of its key. */
  public record FileText(int line, Path path) {}

  /**
   * A {@code tls}.
   *
   * @param line where it stands
   * @param files by key: {@code ca_file}, {@code cert_file}, {@code key_file}
   */
  public record TlsText(int line, Map<String, FileText> files, boolean insecure) {
    /** Copies the map. */
    public TlsText {
      files = Map.copyOf(files);
    }

    /** The file of that key. */
    public Optional<Path> file(String key) {
      return Optional.ofNullable(files.get(key)).map(FileText::path);
    }
  }

  /**
   * Reads an entry.
   *
   * @param what how the entry is called in errors
   * @throws YamlMap.TypeException with the line, if a value is of another type, or names no file
   */
  public static HostYaml of(YamlMap.Entry entry, String what, UnknownKeys keys) {
    Optional<AuthText> auth = Optional.empty();
    Optional<TlsText> tls = Optional.empty();
    for (YamlMap.Entry one : YamlMap.of(entry.value(), what).entries()) {
      switch (one.key()) {
        case "auth" -> auth = one.isNull() ? Optional.empty() : Optional.of(auth(one, auth, keys));
        case "tls" -> tls = one.isNull() ? Optional.empty() : Optional.of(tls(one, tls, keys));
        default -> keys.unknown(one, "in a config", OF_CONFIG);
      }
    }
    return new HostYaml(entry.line(), auth, tls);
  }

  private static AuthText auth(YamlMap.Entry entry, Optional<AuthText> former, UnknownKeys keys) {
    Map<String, String> given = new HashMap<>(former.map(AuthText::given).orElse(Map.of()));
    for (YamlMap.Entry one : YamlMap.of(entry.value(), "\"auth\"").entries()) {
      if (OF_AUTH.contains(one.key())) {
        given.put(one.key(), YamlMap.text(one.value(), quoted(one)));
      } else {
        keys.unknown(one, "in an auth", OF_AUTH);
      }
    }
    return new AuthText(entry.line(), given);
  }

  private static TlsText tls(YamlMap.Entry entry, Optional<TlsText> former, UnknownKeys keys) {
    Map<String, FileText> files = new HashMap<>(former.map(TlsText::files).orElse(Map.of()));
    boolean insecure = former.map(TlsText::insecure).orElse(false);
    for (YamlMap.Entry one : YamlMap.of(entry.value(), "\"tls\"").entries()) {
      switch (one.key()) {
        case "ca_file", "cert_file", "key_file" -> {
          String named = YamlMap.text(one.value(), quoted(one));
          files.remove(one.key());
          if (!named.isEmpty()) {
            files.put(one.key(), new FileText(one.line(), path(one, named)));
          }
        }
        case "insecure_skip_verify" -> insecure = YamlMap.truth(one.value(), quoted(one));
        default -> keys.unknown(one, "in a tls", OF_TLS);
      }
    }
    return new TlsText(entry.line(), files, insecure);
  }

  private static Path path(YamlMap.Entry entry, String named) {
    try {
      return Path.of(named);
    } catch (InvalidPathException e) {
      throw new YamlMap.TypeException(entry.line(), quoted(entry) + " is not the name of a file");
    }
  }

  /** One of the known keys. */
  private static String quoted(YamlMap.Entry entry) {
    return "\"" + entry.key() + "\"";
  }
}
