package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.DockerItem;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.LayoutIndex;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestGraph;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.image.UnsupportedManifestException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Compares {@code manifest.json} with {@code index.json}: docker load and RKE2 read the one,
 * containerd and this program the other, and a name must mean the same image to all. Under a name
 * it may have the config and the layers of any of the image's platforms, of all or of one (docker,
 * hauler, containerd and regclient differ in that). Not thread-safe.
 */
final class DockerManifest {
  private final Map<String, Descriptor> named = new HashMap<>();
  private final List<Descriptor> unnamed;
  private final BlobLookup blobs;
  private final Map<Digest, Contents> known = new HashMap<>();

  /** Gives the bytes of a blob, if the archive has it and it is no larger than manifests are. */
  interface BlobLookup {
    Optional<byte[]> bytes(Digest digest) throws IOException;
  }

  /**
   * Where there is an inventory its names count: that an index says something else is found out
   * elsewhere.
   */
  DockerManifest(LayoutIndex index, Optional<Inventory> inventory, BlobLookup blobs) {
    for (Inventory.Image image : inventory.map(Inventory::images).orElse(List.of())) {
      if (image.base().isEmpty()) {
        named.putIfAbsent(key(image.name()), image.descriptor());
      }
    }
    for (ArchivedImage image : index.named()) {
      named.putIfAbsent(key(image.name()), image.descriptor());
    }
    this.unnamed = index.unnamed();
    this.blobs = blobs;
  }

  /** What an image is made of. */
  private record ImageContent(Digest config, List<Digest> layers) {}

  /**
   * What the platforms of an image are made of.
   *
   * @param certain whether all manifests could be read: those of damaged images fail by themselves
   */
  private record Contents(Set<ImageContent> platforms, boolean certain) {
    boolean has(ImageContent content) {
      return platforms.contains(content) || !certain;
    }
  }

  /** {@link InvalidContentException} if the bytes contradict the index, or are no such list. */
  void check(byte[] bytes) throws IOException {
    DockerItem.visit(bytes, this::check);
  }

  private void check(DockerItem item) throws IOException {
    List<Digest> layers = item.layers().stream().map(DockerManifest::digest).toList();
    ImageContent content = new ImageContent(digest(item.config()), layers);
    for (String name : item.tags()) {
      Descriptor image = named.get(key(Reference.parse(name)));
      require(
          image == null ? isUnnamed(content) : contents(image).has(content),
          "gives the name " + Text.quote(name) + " to another image than index.json");
    }
  }

  private boolean isUnnamed(ImageContent content) throws IOException {
    for (Descriptor image : unnamed) {
      if (contents(image).has(content)) {
        return true;
      }
    }
    return false;
  }

  private Contents contents(Descriptor image) throws IOException {
    Contents contents = known.get(image.digest());
    if (contents == null) {
      contents = read(image);
      known.put(image.digest(), contents);
    }
    return contents;
  }

  private Contents read(Descriptor image) throws IOException {
    Set<ImageContent> platforms = new HashSet<>();
    AtomicBoolean certain = new AtomicBoolean(true);
    try {
      new ManifestGraph(entry -> manifest(entry, certain))
          .walk(
              image,
              (entry, manifest) -> {
                if (!manifest.isIndex()) {
                  platforms.add(
                      new ImageContent(
                          manifest.config().orElseThrow().digest(),
                          manifest.layers().stream().map(Descriptor::digest).toList()));
                }
              });
    } catch (InvalidContentException e) {
      certain.set(false);
    }
    return new Contents(platforms, certain.get());
  }

  /** Empty if it is not there, or damaged: then {@code certain} becomes false. */
  private Optional<Manifest> manifest(Descriptor entry, AtomicBoolean certain) throws IOException {
    Optional<byte[]> bytes = blobs.bytes(entry.digest());
    try {
      return bytes.map(b -> Manifest.parse(b, entry.mediaType(), entry.digest()));
    } catch (InvalidContentException | UnsupportedManifestException e) {
      certain.set(false);
      return Optional.empty();
    }
  }

  private static Digest digest(String path) {
    String[] parts = path.split("/", -1);
    require(
        parts.length == 3 && LayoutNames.BLOBS.equals(parts[0] + "/"),
        "has the file " + Text.quote(path) + ", which is no blob");
    return new Digest(parts[1], parts[2]);
  }

  private static String key(Reference name) {
    return name.repository() + " " + name.storeName();
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new InvalidContentException(LayoutNames.DOCKER_MANIFEST + " " + problem);
    }
  }
}
