package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Repository;
import java.io.IOException;

/**
 * The ability of a target where a single request can replace one for each blob of a repository: the
 * uploads find the blobs that an empty repository has.
 */
@FunctionalInterface
public interface EmptyRepositoryCheck {
  /**
   * Whether the repository shows no image, and its blobs need not be asked for one by one, since
   * {@link ImageTarget#begin}, with the repository itself to mount from, finds those that are
   * there. Not to be used where images are shown: distribution 2.8 rewrites the blob's link, and
   * fails a client that reads the link in that moment. Asks the target.
   */
  boolean isEmpty(Repository repository) throws IOException;

  /** The ability of {@code target}, or that of a target whose repositories all count as in use. */
  static EmptyRepositoryCheck of(ImageTarget target) {
    return target.ability(EmptyRepositoryCheck.class).orElse(repository -> false);
  }
}
