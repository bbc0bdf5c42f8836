package io.mirrorimages.archive.write;

import io.mirrorimages.archive.design.ArchiveDesign;
import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.design.Part;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of an archive in volumes whose files all have their names and show all their images: no
 * later run opens them for writing. Immutable; says what was on the disk when it was made.
 */
final class FinishedParts {
  /** Of an archive that is in one file, or new. */
  static final FinishedParts NONE = new FinishedParts(List.of(), Set.of());

  private final List<Part> parts;
  private final Set<Digest> blobs;
  private final Set<NamedImage> images = Collections.newSetFromMap(new IdentityHashMap<>());

  private FinishedParts(List<Part> parts, Set<Digest> blobs) {
    this.parts = parts;
    this.blobs = blobs;
    parts.forEach(part -> images.addAll(part.images()));
  }

  /** Looks at the files. */
  static FinishedParts of(ArchiveDesign design, ArchiveSpec spec) throws IOException {
    if (spec.volumeSize().isEmpty()) {
      return NONE;
    }
    List<Part> finished = new ArrayList<>();
    Set<Digest> blobs = new HashSet<>();
    for (Part part : design.parts()) {
      if (isFinished(part, design, spec)) {
        finished.add(part);
        design
            .volumes()
            .subList(part.first() - 1, part.last())
            .forEach(volume -> blobs.addAll(volume.blobs().keySet()));
      }
    }
    return new FinishedParts(finished, blobs);
  }

  private static boolean isFinished(Part part, ArchiveDesign design, ArchiveSpec spec)
      throws IOException {
    Set<String> wanted = new HashSet<>();
    part.images().forEach(i -> wanted.add(i.name() + " " + i.image().top().digest()));
    for (int number = part.first(); number <= part.last(); number++) {
      Optional<Inventory> there = FinishedVolume.of(design, number - 1, spec.file(number));
      Set<String> shown = new HashSet<>();
      there
          .map(Inventory::images)
          .orElse(List.of())
          .forEach(i -> shown.add(i.name() + " " + i.descriptor().digest()));
      if (!shown.containsAll(wanted)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a volume, counted from 1, belongs to one of these parts. */
  boolean hasVolume(int number) {
    return parts.stream().anyMatch(part -> part.first() <= number && number <= part.last());
  }

  /** Whether one of these volumes has the manifest or blob. */
  boolean hasBlob(Digest digest) {
    return blobs.contains(digest);
  }

  /** Whether it is one of the images of these parts: this object of the design. */
  boolean hasImage(NamedImage image) {
    return images.contains(image);
  }
}
