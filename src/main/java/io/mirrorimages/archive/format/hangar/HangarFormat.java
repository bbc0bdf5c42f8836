package io.mirrorimages.archive.format.hangar;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.FileKind;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * A zip that hangar (save, sync) has written from its version 1.7 on, whose files are stored as
 * they are; also one that was split into {@code .z01}, {@code .z02} and so on, and {@code .zip}:
 *
 * <pre>
 * index.json               the images, each with its platforms: HangarIndex
 * share/ALGORITHM/HEX      all blobs, manifests too
 * HEX/index.json           a layout for each manifest, which hangar loads it by
 * HEX/oci-layout
 * </pre>
 */
public final class HangarFormat implements ArchiveFormat {
  @Override
  public String title() {
    return "zip of hangar";
  }

  @Override
  public Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    if (source.isFolder()) {
      return Optional.empty();
    }
    FileKind kind = source.kind();
    if (kind != FileKind.ZIP && kind != FileKind.SPLIT_ZIP) {
      return Optional.empty();
    }
    Map<String, FileEntry> files = ZipEntries.of(source);
    if (!files.containsKey(HangarView.INDEX)) {
      throw source.errors().zip();
    }
    try {
      return Optional.of(new HangarView(source, this, files).build());
    } catch (InvalidContentException e) {
      throw source
          .errors()
          .corrupt("is no whole zip of hangar: " + e.getMessage() + "; copy or save it again");
    }
  }
}
