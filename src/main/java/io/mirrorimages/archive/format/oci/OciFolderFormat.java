package io.mirrorimages.archive.format.oci;

import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import java.io.IOException;
import java.util.Optional;

/**
 * A folder that is an OCI image layout (OCI image-spec, image-layout.md). Last of those that are
 * folders: what it lacks as a layout is said of it.
 */
public final class OciFolderFormat implements ArchiveFormat {
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
