package io.mirrorimages.route;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A K3s or RKE2 {@code registries.yaml} as K3s understands it.
 *
 * @param name the file as it was named
 * @param mirrors by the registry's name as it was written, or {@code *}; in the file's order
 * @param configs by {@code host[:port]} as it was written, or {@code *}
 * @param findings what has another effect than it seems
 */
public record RegistriesFile(
    String name,
    Map<String, MirrorEntry> mirrors,
    Map<String, Config> configs,
    List<Finding> findings) {

  /** Copies the list. */
  public RegistriesFile {
    findings = List.copyOf(findings);
  }

  /**
   * Other places for a registry's images.
   *
   * @param line where it stands
   * @param endpoints addresses as they were written
   * @param rewrites in the file's order
   */
  record MirrorEntry(int line, List<LocatedText> endpoints, List<Rewrite> rewrites) {}

  /** A text and its line. */
  public record LocatedText(int line, String value) {}

  /**
   * How a repository is called at the mirrors.
   *
   * @param line where it stands
   * @param pattern the expression as it was written
   * @param compiled the same
   * @param replacement a template
   */
  record Rewrite(int line, String pattern, GoPattern compiled, String replacement) {}

  /**
   * How a host is spoken to. K3s takes an empty {@code auth} or {@code tls} for one.
   *
   * @param line where it stands
   * @param hasAuth whether there is an {@code auth}, usable or not
   * @param auth empty if there is nothing usable
   * @param tls empty if there is none
   */
  record Config(int line, boolean hasAuth, Optional<Credential> auth, Optional<TlsOptions> tls) {
    static final Config NONE = new Config(0, false, Optional.empty(), Optional.empty());

    boolean isEmpty() {
      return !hasAuth && tls.isEmpty();
    }
  }

  /**
   * Reads a file.
   *
   * @throws InvalidContentException naming file and line, if K3s would not start with it
   */
  public static RegistriesFile read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new InvalidContentException(file + " does not exist", e);
    } catch (CharacterCodingException e) {
      throw new InvalidContentException(file + " is not UTF-8", e);
    } catch (IOException e) {
      throw new InvalidContentException(
          "cannot read " + file + ": " + ErrorWords.withoutFile(e), e);
    }
    return parse(file.toString(), text);
  }

  /** Reads text; see {@link #read}. */
  static RegistriesFile parse(String name, String text) {
    return new RegistriesYaml(name).read(text);
  }
}
