package io.mirrorimages.route;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.tls.TlsOptions;
import java.util.Optional;

/**
 * A server that has the images of a registry: a mirror, or the registry itself.
 *
 * @param scheme {@code https} or {@code http}; empty for a registry itself, which is reached as its
 *     side's options say
 * @param host {@code host[:port]} as it was written; for a registry itself its name
 * @param root the path that its API is below, as {@code /v2} or {@code /v2/project}, cleaned
 * @param origin whether this is the registry itself
 * @param credential what was said for this very host; empty to look where credentials usually are
 * @param tls what was said for this very host; empty for the side's own
 */
public record Endpoint(
    String scheme,
    String host,
    String root,
    boolean origin,
    Optional<Credential> credential,
    Optional<TlsOptions> tls) {
  /** Where the distribution-spec has the API. */
  public static final String STANDARD_ROOT = "/v2";

  static Endpoint mirror(
      String scheme,
      String host,
      String root,
      Optional<Credential> credential,
      Optional<TlsOptions> tls) {
    return new Endpoint(scheme, host, root, false, credential, tls);
  }

  static Endpoint origin(
      String registry, Optional<Credential> credential, Optional<TlsOptions> tls) {
    return new Endpoint("", registry, STANDARD_ROOT, true, credential, tls);
  }

  /** What stands before a repository's path in its full name there: empty, or ends in a slash. */
  public String namePrefix() {
    return root.startsWith(STANDARD_ROOT + "/")
        ? root.substring(STANDARD_ROOT.length() + 1) + "/"
        : "";
  }

  Endpoint over(String otherScheme) {
    return new Endpoint(otherScheme, host, root, origin, credential, tls);
  }

  /** Its address, without any secret: safe in messages. */
  @Override
  public String toString() {
    return origin ? host : scheme + "://" + host + (root.equals(STANDARD_ROOT) ? "" : root);
  }
}
