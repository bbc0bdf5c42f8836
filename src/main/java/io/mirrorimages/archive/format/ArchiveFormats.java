package io.mirrorimages.archive.format;

import io.mirrorimages.archive.format.distribution.RegistryFolderFormat;
import io.mirrorimages.archive.format.docker.DockerArchiveFormat;
import io.mirrorimages.archive.format.hangar.HangarFormat;
import io.mirrorimages.archive.format.imgpkg.ImgpkgFormat;
import io.mirrorimages.archive.format.oci.NestedLayoutFormat;
import io.mirrorimages.archive.format.oci.OciFolderFormat;
import io.mirrorimages.archive.format.oci.OciTarFormat;
import io.mirrorimages.archive.format.skopeo.SkopeoDirFormat;
import io.mirrorimages.archive.format.source.ArchiveFile;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.tree.KubekeyFormat;
import io.mirrorimages.archive.format.tree.TalosCacheFormat;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.location.ImageLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats that are known, in the order in which they are asked. */
public final class ArchiveFormats {
  private static final List<ArchiveFormat> KNOWN =
      List.of(
          new HangarFormat(),
          new OciTarFormat(),
          new SkopeoDirFormat(),
          new ImgpkgFormat(),
          new DockerArchiveFormat(),
          new RegistryFolderFormat(),
          new TalosCacheFormat(),
          new KubekeyFormat(),
          new NestedLayoutFormat(),
          new OciFolderFormat());

  private ArchiveFormats() {}

  /**
   * Opens an archive of any known format; the caller closes it.
   *
   * @param place what the user gave
   * @param content what is read in place of a compressed file; else that file or folder
   * @param workFolder where files may be put that are needed meanwhile; need not exist
   * @throws io.mirrorimages.failure.TransferException {@link
   *     io.mirrorimages.failure.FailureKind#CORRUPT} if it is of none of them, or broken; {@code
   *     FILE_MISSING}, {@code FILE_DENIED}, {@code OPTION} if it can't be opened
   */
  public static LayoutFiles open(ImageLocation.Local place, Path content, Path workFolder)
      throws IOException {
    ArchiveSource source = ArchiveSource.open(place, content, workFolder);
    boolean opened = false;
    try {
      Optional<LayoutFiles> files = find(source);
      if (files.isPresent()) {
        opened = true;
        return files.get();
      }
      if (source.isFolder()) {
        throw ArchiveFile.isFolder(source.path());
      }
      throw source
          .errors()
          .unknown(
              "a tar without index.json and manifest.json",
              KNOWN.stream().map(ArchiveFormat::title).collect(Collectors.joining(", ")));
    } finally {
      if (!opened) {
        source.close();
      }
    }
  }

  /**
   * Whether a folder that is given without {@code oci:} is of a known format.
   *
   * @throws io.mirrorimages.failure.TransferException {@link
   *     io.mirrorimages.failure.FailureKind#CORRUPT} if it is of one, and broken
   */
  public static boolean isKnown(Path folder) throws IOException {
    try (ArchiveSource source =
        ArchiveSource.open(new ImageLocation.OciArchive(folder), folder, folder)) {
      Optional<LayoutFiles> files = find(source);
      if (files.isPresent()) {
        files.get().close();
      }
      return files.isPresent();
    }
  }

  private static Optional<LayoutFiles> find(ArchiveSource source) throws IOException {
    for (ArchiveFormat format : KNOWN) {
      Optional<LayoutFiles> files = format.open(source);
      if (files.isPresent()) {
        return files;
      }
    }
    return Optional.empty();
  }
}
