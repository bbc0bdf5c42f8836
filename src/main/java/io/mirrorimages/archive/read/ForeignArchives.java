package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Archives without an inventory, as other tools write them, among those that were given: each is a
 * whole, and may be what a delta of save is on top of. Immutable.
 */
final class ForeignArchives {
  /** By the id that a delta calls its base by. */
  private final Map<String, ArchiveVolume> archives = new LinkedHashMap<>();

  /** {@link FailureKind#OPTION} if a name stands for several images, and none has the last word. */
  ForeignArchives(List<ArchiveVolume> volumes, Collection<Inventory> own) throws TransferException {
    for (ArchiveVolume volume : volumes) {
      if (volume.inventory().isEmpty()) {
        archives.put(InventoryBuilder.id(volume.scan().index().named()), volume);
      }
    }
    checkNames(own);
  }

  /** Whether a delta means one of these by {@code id}. */
  boolean has(String id) {
    return archives.containsKey(id);
  }

  private void checkNames(Collection<Inventory> own) throws TransferException {
    Map<String, NameInArchive> known = new HashMap<>();
    for (Map.Entry<String, ArchiveVolume> archive : archives.entrySet()) {
      Path path = archive.getValue().path();
      Map<String, NameInArchive> names = new HashMap<>();
      for (ArchivedImage image : archive.getValue().scan().index().named()) {
        names.putIfAbsent(ImageNames.key(image.name()), new NameInArchive(image, path));
      }
      for (Map.Entry<String, NameInArchive> name : names.entrySet()) {
        NameInArchive other = known.putIfAbsent(name.getKey(), name.getValue());
        if (other != null && !other.digest().equals(name.getValue().digest())) {
          throw name.getValue().ambiguous(other.archive.toString());
        }
      }
      for (Inventory delta : own) {
        if (!delta.isBasedOn(archive.getKey())) {
          checkNames(names, delta);
        }
      }
    }
  }

  private static void checkNames(Map<String, NameInArchive> names, Inventory own)
      throws TransferException {
    for (Inventory.Image listed : own.images()) {
      NameInArchive named = names.get(ImageNames.key(listed.name()));
      if (listed.base().isEmpty()
          && named != null
          && !named.digest().equals(listed.descriptor().digest())) {
        throw named.ambiguous("archive " + own.id());
      }
    }
  }

  /** What a name means in an archive. */
  private record NameInArchive(ArchivedImage image, Path archive) {
    Digest digest() {
      return image.descriptor().digest();
    }

    TransferException ambiguous(String other) {
      return new TransferException(
          FailureKind.OPTION,
          "%s is one image in %s and another one in %s: give each by itself, one after the other"
              .formatted(image.name(), archive, other));
    }
  }
}
