package io.mirrorimages.job;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageResult;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The digests that images should have, compared with those that their tags show at the place where
 * they were copied to or checked. Immutable.
 *
 * @param origin what gives the digests, as a user calls it
 * @param digests by the name of an image, with its tag alone; an image has to have each of them
 */
public record ExpectedDigests(String origin, Map<Reference, List<Digest>> digests) {
  /** A copy of the digests. */
  public ExpectedDigests {
    digests = Map.copyOf(digests);
  }

  /** Those of names that have a digest; others are ignored. */
  public static ExpectedDigests of(String origin, Collection<Reference> names) {
    return new ExpectedDigests(
        origin,
        names.stream()
            .filter(name -> name.digest().isPresent())
            .collect(
                Collectors.groupingBy(
                    ExpectedDigests::byTag,
                    Collectors.mapping(name -> name.digest().orElseThrow(), Collectors.toList()))));
  }

  /** Whether the image has a digest here. */
  public boolean has(Reference image) {
    return digests.containsKey(byTag(image));
  }

  /** Whether the digest of the image was expected, and is known. */
  public boolean isCompared(ImageResult result) {
    return has(result.request().source()) && result.targetDigest().isPresent();
  }

  /** The first digest that an image should have and has not; empty if it is not compared. */
  public Optional<Digest> lost(ImageResult result) {
    return isCompared(result)
        ? digests.getOrDefault(byTag(result.request().source()), List.of()).stream()
            .filter(digest -> !digest.equals(result.targetDigest().orElseThrow()))
            .findFirst()
        : Optional.empty();
  }

  /** The names of the images with another digest, each with both. */
  public List<String> lost(List<ImageResult> results) {
    return results.stream()
        .flatMap(
            result ->
                lost(result).stream()
                    .map(
                        digest ->
                            "%s@%s is %s"
                                .formatted(
                                    byTag(result.request().source()),
                                    digest,
                                    result.targetDigest().orElseThrow())))
        .toList();
  }

  /** The name without a digest; one that has a digest alone stays as it is. */
  public static Reference byTag(Reference name) {
    return name.tag().isEmpty()
        ? name
        : new Reference(name.repository(), name.tag(), Optional.empty());
  }
}
