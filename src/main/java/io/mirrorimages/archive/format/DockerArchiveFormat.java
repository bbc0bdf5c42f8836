package io.mirrorimages.archive.format;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.layout.LayoutNames;
import java.io.IOException;
import java.util.Optional;

/** What docker save wrote before version 25, and podman save and skopeo still write. */
final class DockerArchiveFormat implements ArchiveFormat {
  @Override
  public String title() {
    return "docker archive";
  }

  @Override
  public Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    if (source.isFolder() || source.entries().stream().noneMatch(DockerArchiveFormat::isOfDocker)) {
      return Optional.empty();
    }
    throw source
        .errors()
        .notLayout(
            "it is a docker archive, which does not keep digests; save the images from their"
                + " registry instead");
  }

  private static boolean isOfDocker(FileEntry entry) {
    return entry.name().equals(LayoutNames.DOCKER_MANIFEST)
        || entry.name().equals(LayoutNames.DOCKER_REPOSITORIES);
  }
}
