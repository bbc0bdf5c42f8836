package io.mirrorimages.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.UnsupportedManifestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The manifests that the archive's index holds without a name and that say which manifest they
 * belong to, as signatures do in layouts of other tools: they are where their subject is.
 * Thread-safe. Reads them once, when first asked; keeps no more than their digests.
 */
final class Attachments {
  private final ArchiveReader archive;

  @GuardedBy("this")
  private @Nullable Map<Digest, List<Descriptor>> bySubject;

  Attachments(ArchiveReader archive) {
    this.archive = archive;
  }

  /** What belongs to {@code subject}, in the order of the index. */
  synchronized List<Descriptor> of(Digest subject) throws IOException {
    if (bySubject == null) {
      Map<Digest, List<Descriptor>> found = new HashMap<>();
      for (Descriptor unnamed : archive.unnamed()) {
        add(unnamed, found);
      }
      bySubject = found;
    }
    return bySubject.getOrDefault(subject, List.of());
  }

  private void add(Descriptor unnamed, Map<Digest, List<Descriptor>> found) throws IOException {
    try {
      Manifest manifest = archive.manifest(unnamed.digest(), unnamed.mediaType());
      manifest
          .subject()
          .ifPresent(
              subject ->
                  found
                      .computeIfAbsent(subject.digest(), d -> new ArrayList<>())
                      .add(manifest.descriptor()));
    } catch (TransferException | InvalidContentException | UnsupportedManifestException e) {
      // Damaged, or no manifest at all: nobody can say where it belongs.
    }
  }
}
