package io.mirrorimages.testing;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Generated images that share layers as the images of a Rancher list do: few base layers in
 * everything, some common ones, and one of each image's own; as there, most images, here three of
 * four, are indexes of two platforms. Layers are made when they are read, so that a corpus of any
 * size needs the memory of the layers that are on their way. Thread-safe.
 */
final class Corpus implements ImageSource {
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final int BASES = 8;
  private static final int COMMON = 24;

  private final Map<Digest, Integer> layerSizes = new HashMap<>();
  private final Map<Digest, Integer> layerSeeds = new HashMap<>();
  private final Map<Digest, byte[]> configs = new HashMap<>();
  private final Map<Reference, Manifest> manifests = new HashMap<>();
  private final List<Descriptor> bases = new ArrayList<>();
  private final List<Descriptor> common = new ArrayList<>();

  /**
   * A corpus.
   *
   * @param names the images' names
   * @param bytes about how many bytes all layers have, each counted once
   */
  Corpus(List<Reference> names, long bytes) {
    // Layer sizes of one kind differ: 1, 2, 3 or 4 parts of their share.
    for (int i = 0; i < BASES; i++) {
      bases.add(layer(size(bytes * 3 / 10, BASES, i)));
    }
    for (int i = 0; i < COMMON; i++) {
      common.add(layer(size(bytes * 3 / 10, COMMON, i)));
    }
    int own = names.size() + names.size() * 3 / 4;
    for (int i = 0; i < names.size(); i++) {
      Reference name = names.get(i);
      int size = size(bytes * 4 / 10, own, i);
      Manifest amd64 = image(name, "amd64", i, size);
      manifests.put(
          name, i % 4 == 0 ? amd64 : index(name, amd64, image(name, "arm64", i + 1, size)));
    }
  }

  private static int size(long share, int layers, int i) {
    return (int) (share * 2 / 5 / layers * (1 + i % 4));
  }

  private Manifest image(Reference name, String architecture, int i, int size) {
    List<Descriptor> layers =
        List.of(
            bases.get(i % BASES),
            common.get(i % COMMON),
            common.get((i * 7 + 5) % COMMON),
            layer(size));
    byte[] config =
        bytes(
            "{\"os\":\"linux\",\"architecture\":\"%s\",\"config\":{\"Labels\":{\"name\":\"%s\"}},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"
                .formatted(architecture, name));
    Digest digest = Digest.sha256(config);
    configs.put(digest, config);
    String text =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MediaTypes.OCI_MANIFEST,
                json(new Descriptor(MediaTypes.OCI_CONFIG, digest, config.length), ""),
                layers.stream().map(l -> json(l, "")).collect(Collectors.joining(",")));
    return add(name, text);
  }

  private Manifest index(Reference name, Manifest amd64, Manifest arm64) {
    String platform = ",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}";
    return add(
        name,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
            .formatted(
                MediaTypes.OCI_INDEX,
                json(amd64.descriptor(), platform.formatted("amd64")),
                json(arm64.descriptor(), platform.formatted("arm64"))));
  }

  private Manifest add(Reference name, String text) {
    Manifest manifest = Manifest.parse(bytes(text), "");
    manifests.put(name.at(manifest.digest()), manifest);
    return manifest;
  }

  private Descriptor layer(int size) {
    int seed = layerSeeds.size();
    byte[] content = content(seed, size);
    Digest digest = Digest.sha256(content);
    layerSeeds.put(digest, seed);
    layerSizes.put(digest, size);
    return new Descriptor(LAYER, digest, content.length);
  }

  /** Gzip of what can't be compressed: tools that find no gzip here would make some. */
  private static byte[] content(int seed, int size) {
    byte[] random = new byte[size];
    new Random(seed).nextBytes(random);
    ByteArrayOutputStream packed = new ByteArrayOutputStream(size + size / 1000 + 64);
    try (GZIPOutputStream gzip = new StoringStream(packed)) {
      gzip.write(random);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return packed.toByteArray();
  }

  private static final class StoringStream extends GZIPOutputStream {
    StoringStream(ByteArrayOutputStream out) throws IOException {
      super(out, 64 * 1024);
      def.setLevel(Deflater.NO_COMPRESSION);
    }
  }

  @Override
  public Optional<Digest> digest(Reference image) throws IOException {
    return Optional.of(manifest(image).digest());
  }

  @Override
  public Manifest manifest(Reference image) throws IOException {
    return Optional.ofNullable(manifests.get(image))
        .orElseThrow(() -> new IOException("no such image: " + image));
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) {
    return layerSeeds.containsKey(blob.digest()) || configs.containsKey(blob.digest());
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) {
    byte[] config = configs.get(blob.digest());
    byte[] bytes =
        config != null
            ? config
            : content(layerSeeds.get(blob.digest()), layerSizes.get(blob.digest()));
    return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
  }

  private static String json(Descriptor descriptor, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size(), more);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
