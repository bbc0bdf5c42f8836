package io.mirrorimages.benchmark;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts images into a registry's folder and keeps count of what it has. Not thread-safe. */
final class CorpusBuilder {
  private static final int CONFIG_PADDING = 1024;

  private final String name;
  private final RegistryStorage storage;
  private final List<String> images = new ArrayList<>();
  private final List<String> tagged = new ArrayList<>();
  private final Map<Digest, Corpus.Placed> blobs = new LinkedHashMap<>();
  private final Set<String> placements = new HashSet<>();
  private final Map<Digest, Long> sizes = new LinkedHashMap<>();

  CorpusBuilder(String name, RegistryStorage storage) {
    this.name = name;
    this.storage = storage;
  }

  /** The folder, to make layers in. */
  RegistryStorage storage() {
    return storage;
  }

  /** Adds an image of one platform, and gives its manifest, which no tag shows yet. */
  Descriptor image(String repository, String label, String architecture, List<Descriptor> layers)
      throws IOException {
    String config =
        """
        {"os":"linux","architecture":"%s","config":{"Labels":{"name":"%s","padding":"%s"}},\
        "rootfs":{"type":"layers","diff_ids":[]}}\
        """
            .formatted(architecture, label, "-".repeat(CONFIG_PADDING));
    Descriptor stored = storage.document(MediaTypes.OCI_CONFIG, bytes(config));
    place(repository, stored);
    for (Descriptor layer : layers) {
      place(repository, layer);
    }
    return manifest(
        repository,
        MediaTypes.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MediaTypes.OCI_MANIFEST,
                json(stored, ""),
                layers.stream().map(l -> json(l, "")).collect(Collectors.joining(","))));
  }

  /** Adds an index of two images, and gives it. */
  Descriptor index(String repository, Descriptor amd64, Descriptor arm64) throws IOException {
    String platform = ",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}";
    return manifest(
        repository,
        MediaTypes.OCI_INDEX,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
            .formatted(
                MediaTypes.OCI_INDEX,
                json(amd64, platform.formatted("amd64")),
                json(arm64, platform.formatted("arm64"))));
  }

  /** Shows a manifest under a tag: an image of the corpus. */
  void tag(String repository, String tag, Descriptor manifest) throws IOException {
    storage.tag(repository, tag, manifest.digest());
    images.add(repository + ":" + tag);
    tagged.add(manifest.digest().toString());
  }

  /** All that was added. */
  Corpus build() {
    return new Corpus(
        name,
        storage,
        List.copyOf(images),
        tagged.stream().sorted().toList(),
        List.copyOf(blobs.values()),
        placements.size(),
        sizes.values().stream().mapToLong(Long::longValue).sum());
  }

  private void place(String repository, Descriptor blob) throws IOException {
    sizes.put(blob.digest(), blob.size());
    blobs.putIfAbsent(blob.digest(), new Corpus.Placed(repository, blob));
    if (placements.add(repository + "@" + blob.digest())) {
      storage.showBlob(repository, blob.digest());
    }
  }

  private Descriptor manifest(String repository, String mediaType, String text) throws IOException {
    Descriptor stored = storage.document(mediaType, bytes(text));
    sizes.put(stored.digest(), stored.size());
    storage.showManifest(repository, stored.digest());
    return stored;
  }

  private static String json(Descriptor descriptor, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size(), more);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
