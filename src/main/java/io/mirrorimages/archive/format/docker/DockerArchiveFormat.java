package io.mirrorimages.archive.format.docker;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.util.Optional;

/**
 * A tar with {@code manifest.json} and no {@code index.json}: of docker save before 25, podman
 * save, skopeo docker-archive:, crane; so are rancher-images.tar.gz and the images of K3s and RKE2
 * once they are decompressed. It keeps configs and layers, and no manifests: these are rebuilt.
 */
public final class DockerArchiveFormat implements ArchiveFormat {
  @Override
  public String title() {
    return "docker archive";
  }

  @Override
  public Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    if (source.isFolder() || source.entries().stream().noneMatch(DockerArchiveFormat::isOfDocker)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new DockerView(source, this).build());
    } catch (InvalidContentException e) {
      throw source
          .errors()
          .corrupt("is no whole docker archive: " + e.getMessage() + "; copy or save it again");
    }
  }

  private static boolean isOfDocker(FileEntry entry) {
    return entry.name().equals(LayoutNames.DOCKER_MANIFEST)
        || entry.name().equals(LayoutNames.DOCKER_REPOSITORIES);
  }
}
