package io.mirrorimages.sample;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import java.util.List;

/** Config and gzipped layers of an image for one platform. The arrays are not changed. */
record ContainerImage(byte[] config, List<byte[]> layers) {
  private static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

  /** An OCI manifest of this image. */
  byte[] ociManifest() {
    return manifest(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG, OCI_LAYER);
  }

  /** A Docker schema 2 manifest of this image. */
  byte[] dockerManifest() {
    return manifest(MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_CONFIG, DOCKER_LAYER);
  }

  private byte[] manifest(String type, String configType, String layerType) {
    return ManifestText.manifest(
        type,
        describe(configType, config),
        layers.stream().map(layer -> describe(layerType, layer)).toList());
  }

  /** How a manifest refers to {@code content}. */
  static Descriptor describe(String mediaType, byte[] content) {
    return new Descriptor(mediaType, Digest.sha256(content), content.length);
  }
}
