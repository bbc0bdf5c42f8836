package io.mirrorimages.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestGraph;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.UnsupportedManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one repository shows: its tags, and the content they lead to. Other content of the archive
 * is not in it. Thread-safe.
 */
final class RepositoryView {
  private final ArchiveReader archive;
  private final Repository repository;
  private final List<ArchivedImage> images;
  private final Attachments attachments;
  private final NavigableMap<String, Descriptor> tags = new TreeMap<>();

  @GuardedBy("this")
  private @Nullable Reachable reachable;

  /**
   * What the images lead to: manifests with their media types, all other blobs, and which manifests
   * belong to which.
   */
  private record Reachable(
      Map<Digest, String> manifests,
      Map<Digest, Descriptor> blobs,
      Map<Digest, List<Descriptor>> referrers) {}

  RepositoryView(
      ArchiveReader archive,
      Repository repository,
      List<ArchivedImage> images,
      Attachments attachments) {
    this.archive = archive;
    this.repository = repository;
    this.images = images;
    this.attachments = attachments;
    for (ArchivedImage image : images) {
      image.name().tag().ifPresent(tag -> tags.put(tag, image.descriptor()));
    }
  }

  /** The tags in the order clients page through them; not to be changed. */
  NavigableMap<String, Descriptor> tags() {
    return tags;
  }

  /** The manifest under a tag; empty if there is none. */
  Optional<Manifest> byTag(String tag) throws IOException {
    Descriptor descriptor = tags.get(tag);
    return descriptor == null
        ? Optional.empty()
        : Optional.of(archive.manifest(descriptor.digest(), descriptor.mediaType()));
  }

  /** The manifest with a digest; empty if no image of this repository leads to it. */
  Optional<Manifest> byDigest(Digest digest) throws IOException {
    String mediaType = reachable().manifests().get(digest);
    return mediaType == null || archive.size(digest).isEmpty()
        ? Optional.empty()
        : Optional.of(archive.manifest(digest, mediaType));
  }

  /**
   * The manifests of this repository whose subject is {@code digest}, which need not be in it; for
   * {@link #read}.
   */
  List<Descriptor> referrers(Digest digest) throws IOException {
    return reachable().referrers().getOrDefault(digest, List.of());
  }

  /** A manifest that this repository has. */
  Manifest read(Descriptor descriptor) throws IOException {
    return archive.manifest(descriptor.digest(), descriptor.mediaType());
  }

  /** The blob with a digest, with its size; empty if no image of this repository leads to it. */
  Optional<Descriptor> blob(Digest digest) throws IOException {
    Descriptor blob = reachable().blobs().get(digest);
    return Optional.ofNullable(blob).filter(b -> archive.has(repository, b));
  }

  /** The bytes of a blob of this repository from {@code offset} on. The caller closes them. */
  InputStream open(Descriptor blob, long offset) throws IOException {
    return archive.open(repository, blob, offset);
  }

  /** Read when it is first asked for: most repositories of an archive are never pulled. */
  private synchronized Reachable reachable() throws IOException {
    if (reachable == null) {
      Reachable found = new Reachable(new HashMap<>(), new HashMap<>(), new HashMap<>());
      Deque<Descriptor> roots = new ArrayDeque<>();
      images.forEach(image -> roots.add(image.descriptor()));
      ManifestGraph graph =
          new ManifestGraph(
              entry -> {
                if (found.manifests().putIfAbsent(entry.digest(), entry.mediaType()) == null) {
                  roots.addAll(attachments.of(entry.digest()));
                }
                return readable(entry);
              });
      while (!roots.isEmpty()) {
        try {
          graph.walk(roots.remove(), (entry, manifest) -> add(manifest, found));
        } catch (InvalidContentException e) {
          // Beyond the bounds of an image: what was met of it is shown, and the other images.
        }
      }
      reachable = found;
    }
    return reachable;
  }

  /** Empty for a platform that was left out, or damage: a request for it alone gets the error. */
  private Optional<Manifest> readable(Descriptor entry) throws IOException {
    try {
      return Optional.of(read(entry));
    } catch (TransferException | InvalidContentException | UnsupportedManifestException e) {
      return Optional.empty();
    }
  }

  private static void add(Manifest manifest, Reachable found) {
    manifest
        .subject()
        .ifPresent(
            subject ->
                found
                    .referrers()
                    .computeIfAbsent(subject.digest(), d -> new ArrayList<>())
                    .add(manifest.descriptor()));
    manifest.blobs().forEach(blob -> found.blobs().putIfAbsent(blob.digest(), blob));
  }
}
