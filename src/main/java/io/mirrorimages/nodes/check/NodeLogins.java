package io.mirrorimages.nodes.check;

import io.mirrorimages.credential.AuthFile;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Repository;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The logins of an auth file of a node, as {@code podman login} or {@code docker login} write it.
 * Thread-safe.
 */
public final class NodeLogins {
  /** Nobody is logged in anywhere. */
  public static final NodeLogins NONE = new NodeLogins(Optional.empty(), "");

  private final Optional<AuthFile> file;
  private final String name;

  private NodeLogins(Optional<AuthFile> file, String name) {
    this.file = file;
    this.name = name;
  }

  /**
   * Reads a file, and notes the entries that can't be used.
   *
   * @throws InvalidContentException with a line for the user, if there is no such file
   */
  public static NodeLogins read(Path path, FindingLog findings) {
    AuthFile file = AuthFile.read(path);
    for (String key : file.unusable()) {
      findings.add(
          FindingKind.BAD_AUTH,
          path.toString(),
          0,
          "the entry of " + key + " is not base64 of user:password: log in again");
    }
    if (file.hasHelpers()) {
      findings.add(
          FindingKind.HELPER_NOT_ASKED,
          path.toString(),
          0,
          "logins of credential helpers are not looked up here: what they are for is asked"
              + " anonymously");
    }
    return new NodeLogins(Optional.of(file), path.toString());
  }

  /** The login for a repository: that of the longest name, down to its registry. */
  public NodeLogin of(Repository repository) {
    return file.flatMap(one -> one.find(repository))
        .map(found -> new NodeLogin(Optional.of(found), name))
        .orElse(NodeLogin.ANONYMOUS);
  }

  /** The login for a whole registry, as Docker has it. */
  public NodeLogin ofRegistry(String registry) {
    return of(new Repository(registry, ""));
  }
}
