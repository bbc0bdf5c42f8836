package io.mirrorimages.archive.format.oci;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.FileEntry.EntryType;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.layout.LayoutNames;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A tar with an OCI image layout in one of its folders: {@code images/} of a zarf package, {@code
 * offline-images/} of kubean, {@code artifacts/layout/} of a CNAB bundle, or any other.
 */
public final class NestedLayoutFormat implements ArchiveFormat {
  @Override
  public String title() {
    return "OCI image layout in a folder of a tar";
  }

  @Override
  public Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    if (source.isFolder()) {
      return Optional.empty();
    }
    Set<String> names =
        source.entries().stream()
            .filter(entry -> entry.kind() == EntryType.FILE)
            .map(FileEntry::name)
            .filter(name -> name.endsWith("/" + LayoutNames.INDEX) || isLayout(name))
            .collect(Collectors.toSet());
    SortedSet<String> folders =
        names.stream()
            .filter(NestedLayoutFormat::isLayout)
            .map(name -> name.substring(0, name.length() - LayoutNames.LAYOUT.length()))
            .filter(folder -> names.contains(folder + LayoutNames.INDEX))
            .collect(Collectors.toCollection(TreeSet::new));
    if (folders.isEmpty()) {
      return Optional.empty();
    }
    if (folders.size() > 1) {
      throw source
          .errors()
          .corrupt(
              "has %d image layouts, in %s and %s: unpack it, and give each folder with oci: before it"
                  .formatted(folders.size(), folders.first(), folders.last()));
    }
    if (ZarfChecksums.isIn(source)) {
      ZarfChecksums.check(source, folders.first());
    }
    return Optional.of(new TarFiles(source, title(), folders.first()));
  }

  private static boolean isLayout(String name) {
    return name.endsWith("/" + LayoutNames.LAYOUT);
  }
}
