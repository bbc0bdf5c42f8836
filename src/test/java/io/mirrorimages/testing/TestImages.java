package io.mirrorimages.testing;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.ImageConfig;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageTarget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Makes small images that real tools accept, and keeps their content. The same calls give the same
 * bytes. Not thread-safe while images are made; {@link #content} is, afterwards.
 */
public final class TestImages {
  /** The platform most images are for. */
  public static final Platform AMD64 = Platform.parse("linux/amd64");

  /** A second one. */
  public static final Platform ARM64 = Platform.parse("linux/arm64");

  private final Map<Digest, byte[]> contents = new LinkedHashMap<>();
  private final Map<Digest, Manifest> manifests = new LinkedHashMap<>();

  /**
   * A layer.
   *
   * @param descriptor its OCI descriptor, gzip
   * @param diffId the digest of its tar
   */
  public record Layer(Descriptor descriptor, Digest diffId) {}

  /**
   * A layer with one file of {@code size} bytes that do not compress; {@code name} decides them.
   */
  public Layer layer(String name, int size) {
    byte[] file = new byte[size];
    new Random(name.hashCode()).nextBytes(file);
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try {
      try (TarArchiveOutputStream out = new TarArchiveOutputStream(tar)) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setModTime(0L);
        entry.setNames("", "");
        out.putArchiveEntry(entry);
        out.write(file);
        out.closeArchiveEntry();
      }
      try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
        out.write(tar.toByteArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String type = "application/vnd.oci.image.layer.v1.tar+gzip";
    return new Layer(blob(type, gzip.toByteArray()), Digest.sha256(tar.toByteArray()));
  }

  /** An OCI image. */
  public Manifest image(Platform platform, Layer... layers) {
    return image(platform, MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG, List.of(layers));
  }

  /** A Docker schema 2 image. */
  public Manifest dockerImage(Platform platform, Layer... layers) {
    return image(platform, MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_CONFIG, List.of(layers));
  }

  /** An OCI artifact of one layer, as a chart or a signature is. */
  public Manifest artifact(String configType, String layerType, byte[] content) {
    Descriptor config = blob(configType, utf8("{}"));
    return manifest(
        document(
            Map.of(
                "schemaVersion",
                2,
                "mediaType",
                MediaTypes.OCI_MANIFEST,
                "config",
                json(config),
                "layers",
                List.of(json(blob(layerType, content))))));
  }

  /** An OCI index of images and artifacts; each entry's platform is what its config says. */
  public Manifest index(Manifest... children) {
    return manifest(
        document(
            Map.of(
                "schemaVersion",
                2,
                "mediaType",
                MediaTypes.OCI_INDEX,
                "manifests",
                Stream.of(children).map(this::entry).toList())));
  }

  /** A manifest of exactly these bytes, to be odd or wrong in ways the other methods are not. */
  public Manifest manifest(byte[] bytes) {
    Manifest manifest = Manifest.parse(bytes, "");
    contents.put(manifest.digest(), bytes);
    manifests.put(manifest.digest(), manifest);
    return manifest;
  }

  /** As {@code like}, with a text of its document replaced wherever it stands. */
  public Manifest altered(Manifest like, String text, String by) {
    String document = new String(like.bytes(), StandardCharsets.UTF_8);
    if (!document.contains(text)) {
      throw new IllegalArgumentException(document + " has no " + text);
    }
    return manifest(utf8(document.replace(text, by)));
  }

  /** As {@code like}, claiming that one of the things it refers to has {@code size} bytes. */
  public Manifest claiming(Manifest like, Descriptor content, long size) {
    String digest = "\"digest\":\"" + content.digest() + "\",\"size\":";
    return altered(like, digest + content.size(), digest + size);
  }

  /** Keeps a blob. */
  public Descriptor blob(String mediaType, byte[] bytes) {
    Digest digest = Digest.sha256(bytes);
    contents.put(digest, bytes);
    return new Descriptor(mediaType, digest, bytes.length);
  }

  /** The bytes of a manifest or blob made here. */
  public byte[] content(Digest digest) {
    return contents.get(digest);
  }

  /** The plan for mirroring {@code top} under its own name, with all manifests it leads to. */
  public PlannedImage plan(String reference, Manifest top) {
    Reference name = Reference.parse(reference);
    Set<Manifest> all = new LinkedHashSet<>();
    collect(top, all);
    return new PlannedImage(new ImageRequest(name, name), top.digest(), List.copyOf(all), Set.of());
  }

  /** Carries the image into a target, in the engine's order. */
  public void store(PlannedImage image, ImageTarget target) throws IOException {
    Reference name = image.request().target();
    for (Descriptor blob : image.blobs()) {
      if (!target.has(name.repository(), blob)) {
        try (BlobUpload upload = target.begin(name.repository(), blob, Optional.empty())) {
          if (!upload.mounted()) {
            upload.send(new ByteArrayInputStream(content(blob.digest())));
          }
        }
      }
    }
    for (Manifest manifest : image.manifests()) {
      boolean top = manifest.equals(image.top());
      target.put(top ? name : name.at(manifest.digest()), manifest);
    }
  }

  private Manifest image(
      Platform platform, String manifestType, String configType, List<Layer> layers) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architecture", platform.architecture());
    config.put("os", platform.os());
    config.put("config", Map.of());
    config.put(
        "rootfs",
        new TreeMap<>(
            Map.of(
                "type",
                "layers",
                "diff_ids",
                layers.stream().map(l -> l.diffId().toString()).toList())));
    boolean docker = manifestType.equals(MediaTypes.DOCKER_MANIFEST);
    List<Object> entries = new ArrayList<>();
    for (Layer layer : layers) {
      Descriptor oci = layer.descriptor();
      entries.add(
          json(
              docker
                  ? new Descriptor(
                      "application/vnd.docker.image.rootfs.diff.tar.gzip", oci.digest(), oci.size())
                  : oci));
    }
    return manifest(
        document(
            Map.of(
                "schemaVersion",
                2,
                "mediaType",
                manifestType,
                "config",
                json(blob(configType, document(config))),
                "layers",
                entries)));
  }

  private Map<String, Object> entry(Manifest child) {
    Map<String, Object> entry = json(child.descriptor());
    boolean image = child.config().filter(c -> MediaTypes.isImageConfig(c.mediaType())).isPresent();
    Platform platform =
        image
            ? ImageConfig.platform(content(child.config().orElseThrow().digest()))
            : new Platform("unknown", "unknown", "", "");
    if (!child.isIndex()) {
      entry.put(
          "platform",
          new TreeMap<>(Map.of("os", platform.os(), "architecture", platform.architecture())));
    }
    return entry;
  }

  private void collect(Manifest manifest, Set<Manifest> all) {
    for (Descriptor child : manifest.children()) {
      collect(manifests.get(child.digest()), all);
    }
    all.add(manifest);
  }

  private static Map<String, Object> json(Descriptor descriptor) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mediaType", descriptor.mediaType());
    json.put("digest", descriptor.digest().toString());
    json.put("size", descriptor.size());
    return json;
  }

  /** JSON with the keys of the outermost object in alphabetical order. */
  private static byte[] document(Map<String, Object> fields) {
    return Json.MAPPER.writeValueAsBytes(new TreeMap<>(fields));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
