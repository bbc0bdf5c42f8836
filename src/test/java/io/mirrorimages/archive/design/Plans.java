package io.mirrorimages.archive.design;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.PlannedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Planned images of any size, whose blobs nobody has: a design needs no more than their sizes. */
final class Plans {
  private static final String CONFIG =
      "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}";
  private static final String INDEX =
      "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}";

  private Plans() {}

  /** A layer of so many bytes; the same name is the same layer. */
  static Descriptor layer(String name, long size) {
    return new Descriptor(
        "application/vnd.oci.image.layer.v1.tar+gzip",
        Digest.sha256(name.getBytes(StandardCharsets.UTF_8)),
        size);
  }

  /** The same with a digest of the longer kind. */
  static Descriptor longLayer(String name, long size) {
    Digest any = new Digest("sha512", "0".repeat(128));
    return new Descriptor(
        "application/vnd.oci.image.layer.v1.tar+gzip",
        any.ofSameAlgorithm(name.getBytes(StandardCharsets.UTF_8)),
        size);
  }

  /** Its config has 100 bytes and is its own. */
  static Manifest manifest(String name, Descriptor... layers) {
    Descriptor config =
        new Descriptor(
            MediaTypes.OCI_CONFIG,
            Digest.sha256(("config of " + name).getBytes(StandardCharsets.UTF_8)),
            100);
    return manifest(
        CONFIG.formatted(
            MediaTypes.OCI_MANIFEST,
            json(config),
            Stream.of(layers).map(Plans::json).collect(Collectors.joining(","))));
  }

  static Manifest index(Manifest... children) {
    return manifest(
        INDEX.formatted(
            MediaTypes.OCI_INDEX,
            Stream.of(children)
                .map(child -> json(child.descriptor()))
                .collect(Collectors.joining(","))));
  }

  /** Children come before their index. */
  static PlannedImage image(String reference, Manifest... manifests) {
    Reference name = Reference.parse(reference);
    Manifest top = manifests[manifests.length - 1];
    return new PlannedImage(
        new ImageRequest(name, name), top.digest(), List.of(manifests), Set.of());
  }

  /**
   * Up to 30 images: some with one platform and some with two, of layers that they share, and a few
   * larger than the rest.
   */
  static List<PlannedImage> any(Random random) {
    List<Descriptor> layers = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      long size = random.nextLong(random.nextInt(8) == 0 ? 60_000 : 8_000);
      layers.add(random.nextInt(9) == 0 ? longLayer("l" + i, size) : layer("l" + i, size));
    }
    List<PlannedImage> plan = new ArrayList<>();
    for (int i = random.nextInt(1, 31); i > 0; i--) {
      Manifest one = manifest("a" + random.nextInt(12), some(layers, random));
      if (random.nextBoolean()) {
        plan.add(image("rancher/image:" + i, one));
      } else {
        Manifest two = manifest("b" + i, some(layers, random));
        plan.add(
            one.equals(two)
                ? image("rancher/image:" + i, one)
                : image("rancher/image:" + i, one, two, index(one, two)));
      }
    }
    return plan;
  }

  private static Descriptor[] some(List<Descriptor> layers, Random random) {
    Descriptor[] some = new Descriptor[random.nextInt(6)];
    for (int i = 0; i < some.length; i++) {
      some[i] = layers.get(random.nextInt(layers.size()));
    }
    return some;
  }

  private static Manifest manifest(String json) {
    return Manifest.parse(json.getBytes(StandardCharsets.UTF_8), "");
  }

  private static String json(Descriptor descriptor) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size());
  }
}
