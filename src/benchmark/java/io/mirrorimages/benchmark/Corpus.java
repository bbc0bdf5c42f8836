package io.mirrorimages.benchmark;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import java.util.List;

/**
 * What was generated to be mirrored.
 *
 * @param name what it is called in the table
 * @param storage the registry's folder that it is in
 * @param images repository and tag of each, without a registry
 * @param tagged the digest that each image's tag shows, sorted
 * @param blobs each blob once, with a repository that shows it
 * @param placements in how many repositories the blobs are, one by one
 * @param bytes of all blobs and manifests, each counted once
 */
record Corpus(
    String name,
    RegistryStorage storage,
    List<String> images,
    List<String> tagged,
    List<Placed> blobs,
    int placements,
    long bytes) {

  /** A blob, and where it can be had. */
  record Placed(String repository, Descriptor blob) {
    Digest digest() {
      return blob.digest();
    }
  }

  /** How many GB (powers of 1000) there are to move. */
  double gigabytes() {
    return bytes / 1e9;
  }
}
