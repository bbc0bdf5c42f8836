package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import java.nio.file.Path;
import java.util.List;

/**
 * A name that stands for different images in archives that were given together, of which none is a
 * delta on top of the others.
 *
 * @param claims the images, at least two, in the order in which their archives were given
 */
public record AmbiguousName(List<NameClaim> claims) {
  /** Copies the list. */
  public AmbiguousName {
    claims = List.copyOf(claims);
  }

  /**
   * What an archive says that the name stands for.
   *
   * @param file the first file of the archive
   * @param ours whether it has an inventory
   */
  public record NameClaim(ArchivedImage image, Path file, boolean ours) {}

  /** The name, as the first of the archives has it. */
  public Reference name() {
    return claims.getFirst().image().name();
  }

  /** The refusal by those who need one meaning. */
  TransferException refused() {
    return new TransferException(
        claims.stream().allMatch(NameClaim::ours) ? FailureKind.CORRUPT : FailureKind.OPTION,
        "%s is one image in %s and another one in %s: give each by itself, one after the other"
            .formatted(name(), claims.get(0).file(), claims.get(1).file()));
  }
}
