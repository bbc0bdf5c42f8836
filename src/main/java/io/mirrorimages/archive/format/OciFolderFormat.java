package io.mirrorimages.archive.format;

import java.io.IOException;
import java.util.Optional;

/**
 * A folder that is an OCI image layout (OCI image-spec, image-layout.md). Last of those that are
 * folders: what it lacks as a layout is said of it.
 */
final class OciFolderFormat implements ArchiveFormat {
  static final String TITLE = "OCI image layout in a folder";

  @Override
  public String title() {
    return TITLE;
  }

  @Override
  public Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    return source.isMeantAsLayout()
        ? Optional.of(FolderFiles.open(source.path(), source.errors()))
        : Optional.empty();
  }
}
