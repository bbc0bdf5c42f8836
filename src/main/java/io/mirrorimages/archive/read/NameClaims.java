package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the names that archives given together use for different images. For one use. */
final class NameClaims {
  private final Map<String, List<OneClaim>> claims = new LinkedHashMap<>();

  private NameClaims() {}

  /** An archive that names images, and what it says of itself if it is one of ours. */
  private record NamingArchive(String id, Path file, Optional<Inventory> inventory) {
    boolean isOnTop(NamingArchive other) {
      return inventory
          .filter(own -> own.isBasedOn(other.id) || own.continues().contains(other.id))
          .isPresent();
    }
  }

  private record OneClaim(NamingArchive archive, ArchivedImage image) {
    Digest digest() {
      return image.descriptor().digest();
    }
  }

  /**
   * Those names of {@code volumes}; empty for one archive.
   *
   * @param taken whether they are taken; else the first is refused
   */
  static List<AmbiguousName> ambiguous(List<ArchiveVolume> volumes, boolean taken)
      throws TransferException {
    NameClaims found = new NameClaims();
    Set<String> seen = new HashSet<>();
    Map<NamingArchive, List<ArchivedImage>> named = new LinkedHashMap<>();
    for (ArchiveVolume volume : volumes) {
      NamingArchive archive = archive(volume);
      if (seen.add(archive.id)) {
        named.put(archive, images(volume));
      }
    }
    if (named.size() > 1) {
      named.forEach(found::add);
    }
    List<AmbiguousName> ambiguous =
        found.claims.values().stream().flatMap(all -> meanings(all).stream()).toList();
    if (!taken && !ambiguous.isEmpty()) {
      throw ambiguous.getFirst().refused();
    }
    return ambiguous;
  }

  private static NamingArchive archive(ArchiveVolume volume) {
    String id =
        volume
            .inventory()
            .map(Inventory::id)
            .orElseGet(() -> InventoryBuilder.id(volume.scan().index().named()));
    return new NamingArchive(id, volume.path(), volume.inventory());
  }

  /** What an archive itself names; the names that it leaves to an earlier one are that one's. */
  private static List<ArchivedImage> images(ArchiveVolume volume) {
    return volume
        .inventory()
        .map(
            own ->
                own.images().stream()
                    .filter(image -> image.base().isEmpty())
                    .map(image -> new ArchivedImage(image.name(), image.descriptor()))
                    .toList())
        .orElseGet(() -> volume.scan().index().named());
  }

  private void add(NamingArchive archive, List<ArchivedImage> images) {
    Map<String, ArchivedImage> names = new HashMap<>();
    for (ArchivedImage image : images) {
      String key = ImageNames.key(image.name());
      if (names.putIfAbsent(key, image) == null) {
        claims.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(new OneClaim(archive, image));
      }
    }
  }

  /** What is claimed beside those who are on top of others and so have the last word. */
  private static Optional<AmbiguousName> meanings(List<OneClaim> all) {
    if (all.stream().map(OneClaim::digest).distinct().count() < 2) {
      return Optional.empty();
    }
    Map<Digest, OneClaim> left = new LinkedHashMap<>();
    for (OneClaim claim : all) {
      if (all.stream().noneMatch(other -> other.archive.isOnTop(claim.archive))) {
        left.putIfAbsent(claim.digest(), claim);
      }
    }
    return left.size() < 2
        ? Optional.empty()
        : Optional.of(
            new AmbiguousName(
                left.values().stream()
                    .map(
                        claim ->
                            new AmbiguousName.NameClaim(
                                claim.image,
                                claim.archive.file,
                                claim.archive.inventory.isPresent()))
                    .toList()));
  }
}
