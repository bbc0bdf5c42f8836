package io.mirrorimages.cli;

import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.harbor.HarborFront;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tests about Harbor stand on: a registry with images, a list of them, and a Harbor that
 * is to get them. Closing it fails if Harbor was sent what no client should send, or a secret went
 * elsewhere, or something was tagged before its blobs.
 */
final class HarborSite extends ListedImages {
  private final DockerRegistry behind = DockerRegistry.open();
  private final HarborFront harbor = new HarborFront(behind);

  HarborSite(Path folder) throws IOException {
    super(folder);
  }

  HarborFront harbor() {
    return harbor;
  }

  /** Syncs the list as the administrator. */
  Command sync(Object... more) throws IOException {
    return syncAs(HarborFront.ADMIN, HarborFront.PASSWORD, harbor.name(), more);
  }

  /** Syncs the list to {@code registry} as somebody. */
  Command syncAs(String user, String password, String registry, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "sync",
                "--list",
                list(),
                "--registry",
                registry,
                "--target-username",
                user,
                "--target-password-stdin"));
    return run(password, arguments, more);
  }

  @Override
  public void close() {
    try (behind) {
      super.close();
      harbor.close();
      if (harbor.counts().secretsElsewhere() + harbor.counts().tagsBeforeBlobs() > 0) {
        throw new AssertionError("secrets elsewhere, or tags before blobs");
      }
    }
  }
}
