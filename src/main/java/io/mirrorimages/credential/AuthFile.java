package io.mirrorimages.credential;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One auth file by itself, as of another machine: its own entries count, and credential helpers are
 * not run. Thread-safe.
 */
public final class AuthFile {
  private final CredentialFile file;

  private AuthFile(CredentialFile file) {
    this.file = file;
  }

  /**
   * Reads a {@code config.json} or {@code auth.json}.
   *
   * @throws InvalidContentException with a line for the user, if it can't be read
   */
  public static AuthFile read(Path path) {
    return new AuthFile(CredentialFile.parse(path));
  }

  /** The entry of the longest name of a repository, down to its registry; a bad one counts not. */
  public Optional<Credential> find(Repository repository) {
    return file.entry(repository);
  }

  /** The names of entries that can't be used, in order. */
  public List<String> unusable() {
    return file.unusable();
  }

  /** Whether it names credential helpers. */
  public boolean hasHelpers() {
    return file.hasHelpers();
  }
}
