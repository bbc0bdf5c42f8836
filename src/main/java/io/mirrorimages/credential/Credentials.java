package io.mirrorimages.credential;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Repository;
import java.util.List;
import java.util.Optional;

/** Finds the credential for a repository. Implementations are thread-safe. */
@FunctionalInterface
public interface Credentials {

  /**
   * The credential for the repository, or for its whole registry where nothing more exact is known.
   *
   * @param repository an empty path asks for the registry as such
   * @throws InvalidContentException with a line for the user, if the place to look at can't be read
   */
  Optional<Credential> find(Repository repository);

  /** Where they are looked for, for the message that none was found. */
  default List<String> places() {
    return List.of();
  }

  /** No credentials: everything is asked for anonymously. */
  static Credentials none() {
    return repository -> Optional.empty();
  }

  /**
   * A credential for all of one registry, as on the command line; for others what {@code rest}
   * finds.
   *
   * @param registry as images name it
   */
  static Credentials of(String registry, Credential credential, Credentials rest) {
    return new Credentials() {
      @Override
      public Optional<Credential> find(Repository repository) {
        return repository.registry().equals(registry)
            ? Optional.of(credential)
            : rest.find(repository);
      }

      @Override
      public List<String> places() {
        return rest.places();
      }
    };
  }

  /** The same credential for every repository, whatever its registry. */
  static Credentials fixed(Credential credential) {
    return repository -> Optional.of(credential);
  }
}
