package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the blobs of several files lie; of one that several have, in the first. Immutable. */
final class BlobPlaces {
  private final Map<Digest, Place> places = new HashMap<>();

  /** A blob's entry, and the file it is in. */
  record Place(FileEntry entry, ArchiveVolume volume) {}

  /**
   * Gathers those of all files.
   *
   * @throws TransferException if two files contradict each other about the size of one
   */
  BlobPlaces(List<ArchiveVolume> volumes) throws TransferException {
    for (ArchiveVolume volume : volumes) {
      for (Map.Entry<Digest, FileEntry> blob : volume.scan().blobs().entrySet()) {
        add(blob.getKey(), new Place(blob.getValue(), volume));
      }
    }
  }

  private void add(Digest digest, Place place) throws TransferException {
    Place known = places.putIfAbsent(digest, place);
    if (known != null && known.entry.size() != place.entry.size()) {
      throw place
          .volume
          .errors()
          .corrupt(
              "has %d bytes as %s, but %s has %d: copy both again"
                  .formatted(place.entry.size(), digest, known.volume.path(), known.entry.size()));
    }
  }

  /** Null if no file has it. */
  @Nullable Place get(Digest digest) {
    return places.get(digest);
  }

  /** Those of all files; not to be changed. */
  Set<Digest> digests() {
    return Collections.unmodifiableSet(places.keySet());
  }
}
