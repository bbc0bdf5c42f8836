package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.archive.tar.TarHeader;
import io.mirrorimages.image.Digest;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What things take up in an archive, before they have a place. Not thread-safe. */
final class EntrySize {
  private final Map<String, Integer> headers = new HashMap<>();
  // Asked for once for every volume that an image may go into.
  private final IdentityHashMap<NamedImage, Long> inIndexes = new IdentityHashMap<>();

  /** A manifest or blob of {@code size} bytes, with header and padding. */
  long of(Digest digest, long size) {
    int header =
        headers.computeIfAbsent(
            digest.algorithm(), a -> TarHeader.of(LayoutNames.blob(digest), size).length);
    return new Region(0, header, size).end();
  }

  /** At most what {@code index.json} and {@code manifest.json} say of an image. */
  long inIndexes(NamedImage image) {
    return inIndexes.computeIfAbsent(image, EntrySize::measured);
  }

  private static long measured(NamedImage image) {
    List<NamedImage> alone = List.of(image);
    return LayoutJson.index(alone).length()
        + LayoutJson.dockerManifest(alone, digest -> true).length();
  }

  /** A JSON file of {@code length} bytes, with header and padding. */
  static long ofJson(String name, long length) {
    return new Region(0, TarHeader.of(name, length).length, length).end();
  }
}
