package io.mirrorimages.archive.format.tree;

import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.format.view.ViewBuilder;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.UnsupportedManifestException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The manifests of repositories, from which the images are told: each tag is one, and so is, by its
 * digest, each manifest to which no tag and no index of its repository leads. Not thread-safe.
 */
final class TaggedManifests {
  private final SortedMap<String, OfRepository> repositories = new TreeMap<>();
  private final ViewBuilder view;

  /** Puts manifests and images into {@code view}. */
  TaggedManifests(ViewBuilder view) {
    this.view = view;
  }

  private record OfRepository(
      Repository repository,
      SortedMap<String, Digest> tags,
      Map<String, Descriptor> manifests,
      Set<Digest> reached) {}

  /**
   * Takes a manifest, which is hashed when it is used.
   *
   * @param bytes those of {@code content}
   */
  void manifest(Repository repository, Digest digest, StoredContent content, byte[] bytes) {
    view.blob(digest, content);
    String mediaType = "";
    OfRepository own = of(repository);
    try {
      Manifest manifest = Manifest.parse(bytes, "");
      mediaType = manifest.mediaType();
      manifest.children().forEach(child -> own.reached.add(child.digest()));
    } catch (InvalidContentException | UnsupportedManifestException e) {
      // Said when it is read: that image alone is damaged.
    }
    own.manifests.put(digest.toString(), new Descriptor(mediaType, digest, bytes.length));
  }

  /** Takes a tag; {@link InvalidContentException} if it has another digest already. */
  void tag(Repository repository, String tag, Digest digest) {
    OfRepository own = of(repository);
    Digest other = own.tags.putIfAbsent(Reference.checkTag(tag), digest);
    if (other != null && !other.equals(digest)) {
      throw new InvalidContentException(
          "it gives the name %s:%s to two images, %s and %s"
              .formatted(repository, tag, other, digest));
    }
    own.reached.add(digest);
  }

  /** Names the images; for use once all are taken. */
  void nameImages() {
    for (OfRepository own : repositories.values()) {
      for (Map.Entry<String, Digest> tag : own.tags.entrySet()) {
        Digest digest = tag.getValue();
        Descriptor absent = new Descriptor("", digest, 0);
        view.image(
            Optional.of(new Reference(own.repository, Optional.of(tag.getKey()), Optional.empty())),
            own.manifests.getOrDefault(digest.toString(), absent));
      }
      for (Descriptor manifest : own.manifests.values()) {
        if (!own.reached.contains(manifest.digest())) {
          view.image(
              Optional.of(
                  new Reference(own.repository, Optional.empty(), Optional.of(manifest.digest()))),
              manifest);
        }
      }
    }
  }

  private OfRepository of(Repository repository) {
    return repositories.computeIfAbsent(
        repository.toString(),
        name -> new OfRepository(repository, new TreeMap<>(), new TreeMap<>(), new HashSet<>()));
  }
}
