package io.mirrorimages.archive.format.oci;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.layout.LayoutNames;
import java.io.IOException;
import java.util.Optional;

/**
 * A tar that is an OCI image layout (OCI image-spec, image-layout.md), with or without the file
 * {@code oci-layout}: of skopeo, regclient, containerd, docker since 25, hauler; and what save
 * writes, which is that too, each volume by itself.
 */
public final class OciTarFormat implements ArchiveFormat {
  @Override
  public String title() {
    return "OCI image layout in a tar";
  }

  @Override
  public Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    return !source.isFolder() && source.entries().stream().anyMatch(OciTarFormat::isOfLayout)
        ? Optional.of(new TarFiles(source, title(), ""))
        : Optional.empty();
  }

  private static boolean isOfLayout(FileEntry entry) {
    return entry.name().equals(LayoutNames.LAYOUT) || entry.name().equals(LayoutNames.INDEX);
  }
}
