package io.mirrorimages.archive.write;

import io.mirrorimages.archive.design.ArchiveDesign;
import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.Checksums;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.disk.OwnFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How written files become a finished archive.
 *
 * @param spec how the archive was to be made
 * @param design what is where
 * @param finished the parts that are finished already
 */
record Publication(ArchiveSpec spec, ArchiveDesign design, FinishedParts finished) {

  /**
   * Makes volumes show exactly these images and gives them their names. A later part of which no
   * image is shown stays unfinished.
   *
   * @param key what the archive was made for, if these are all images that were wanted
   */
  void publish(List<VolumeWriter> volumes, List<NamedImage> shown, Optional<String> key)
      throws IOException {
    Set<NamedImage> all = new HashSet<>(shown);
    List<VolumeWriter> ready = volumes.stream().filter(volume -> isShown(volume, all)).toList();
    for (VolumeWriter volume : ready) {
      Inventory inventory = design.inventory(shown, volume.number());
      volume.show(
          volume.contents().images().stream().filter(all::contains).toList(),
          key.map(made -> inventory.madeFor(made, design.id())).orElse(inventory));
    }
    Set<Path> before = new HashSet<>(spec.finished());
    if (spec.volumeSize().isEmpty()) {
      // Of an archive in one file there is none, unless it was saved with the tool beside it.
      Checksums.remove(spec.names().checksums(), List.of(spec.output()));
    }
    for (VolumeWriter volume : ready) {
      volume.publish();
    }
    if (spec.overwrite()) {
      deleteSurplus(before);
    }
    if (spec.volumeSize().isPresent()) {
      writeChecksums(ready);
    }
  }

  private boolean isShown(VolumeWriter volume, Set<NamedImage> shown) {
    return design.parts().stream()
        .filter(part -> part.first() <= volume.number() && volume.number() <= part.last())
        .anyMatch(part -> part.first() == 1 || part.images().stream().anyMatch(shown::contains));
  }

  /** Volumes of the archive that was replaced, beyond those of the new one. */
  private void deleteSurplus(Set<Path> before) throws IOException {
    for (int number = 1; number <= design.volumes().size(); number++) {
      before.remove(spec.file(number));
    }
    for (Path file : before) {
      OwnFiles.delete(file);
    }
  }

  /**
   * Of the files that were written, and of those that a killed run did not get to, whose blobs are
   * hashed first.
   */
  private void writeChecksums(List<VolumeWriter> written) throws IOException {
    Path sums = spec.names().checksums();
    Set<Integer> numbers = new HashSet<>(written.stream().map(VolumeWriter::number).toList());
    List<Path> files = new ArrayList<>();
    List<Path> earlier = new ArrayList<>();
    for (int number = 1; number <= design.volumes().size(); number++) {
      Path file = spec.file(number);
      if (numbers.contains(number)) {
        files.add(file);
      } else if (finished.hasVolume(number) && !Checksums.areThere(sums, List.of(file))) {
        earlier.add(file);
      }
    }
    write(sums, files);
    EarlierBlobs.check(earlier);
    write(sums, earlier);
  }

  private static void write(Path sums, List<Path> files) throws IOException {
    if (!files.isEmpty()) {
      Checksums.write(sums, files);
    }
  }
}
