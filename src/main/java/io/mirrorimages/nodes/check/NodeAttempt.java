package io.mirrorimages.nodes.check;

import io.mirrorimages.image.Reference;
import java.util.Optional;

/**
 * One place that a reader asks for an image.
 *
 * @param scheme {@code https} or {@code http}
 * @param host {@code host[:port]} as it was written
 * @param root the path that its API is below, as {@code /v2} or {@code /v2/project}
 * @param path what the repository is called there
 * @param isDefault whether it is the image's own registry, asked since nothing forbids it
 * @param login who is logged in
 * @param tls whom the reader trusts there
 * @param reason why it is asked, such as a file and line
 * @param refusal why the reader can't ask it, if so
 */
public record NodeAttempt(
    String scheme,
    String host,
    String root,
    String path,
    boolean isDefault,
    NodeLogin login,
    NodeTls tls,
    String reason,
    Optional<String> refusal) {

  /** The reason of an attempt at the registry that a node itself is for its cluster. */
  public static final String EMBEDDED = "embedded-registry";

  /** Whether only a node can ask it. */
  public boolean isOfNode() {
    return reason.equals(EMBEDDED);
  }

  /** Scheme, host and root. */
  public String base() {
    return scheme + "://" + host + root;
  }

  /** The address of the image's manifest there, without the query. */
  public String url(Reference image) {
    return base() + "/" + path + "/manifests/" + image.fetchName();
  }

  /** The same attempt with another scheme. */
  public NodeAttempt over(String other) {
    return new NodeAttempt(other, host, root, path, isDefault, login, tls, reason, refusal);
  }

  /** The same attempt, accepting any certificate. */
  public NodeAttempt unverified(String why) {
    return new NodeAttempt(
        scheme, host, root, path, isDefault, login, tls.withoutVerification(why), reason, refusal);
  }

  /** The same attempt with another login. */
  public NodeAttempt as(NodeLogin other) {
    return new NodeAttempt(scheme, host, root, path, isDefault, other, tls, reason, refusal);
  }

  /** The same attempt, which can't be made. */
  public NodeAttempt refused(String why) {
    return new NodeAttempt(
        scheme, host, root, path, isDefault, login, tls, reason, Optional.of(why));
  }
}
