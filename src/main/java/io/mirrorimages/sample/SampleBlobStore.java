package io.mirrorimages.sample;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What one repository holds. Filled by one thread, then only read. */
final class SampleBlobStore {
  private final Map<Digest, byte[]> blobs = new HashMap<>();
  private final Map<Digest, Manifest> manifests = new HashMap<>();
  private final Map<String, Digest> tags = new HashMap<>();

  void put(byte[] blob) {
    blobs.put(Digest.sha256(blob), blob);
  }

  void put(Manifest manifest) {
    manifests.put(manifest.digest(), manifest);
  }

  void tag(String tag, Manifest manifest) {
    put(manifest);
    tags.put(tag, manifest.digest());
  }

  /** The blob's bytes, not to be changed. */
  Optional<byte[]> blob(Digest digest) {
    return Optional.ofNullable(blobs.get(digest));
  }

  /** The manifest a reference to this repository means. */
  Optional<Manifest> manifest(Reference image) {
    return image.digest().or(() -> image.tag().map(tags::get)).map(manifests::get);
  }
}
