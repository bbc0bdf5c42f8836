package io.mirrorimages.archive.format.view;

import io.mirrorimages.archive.format.source.ArchiveSource;
import java.io.IOException;
import java.util.Optional;

/** A format of archives that images can be read from. Stateless. */
public interface ArchiveFormat {
  /** What it is called in messages, in the singular, as in {@code docker archive}. */
  String title();

  /**
   * The archive as an OCI image layout; empty if it is of another format. Formats are told apart by
   * the kind of the file and by the names in it; what follows from broken content is an error of
   * this format, not of another one.
   *
   * @param source what the user gave. If there is an answer, that closes it
   * @throws io.mirrorimages.failure.TransferException {@link
   *     io.mirrorimages.failure.FailureKind#CORRUPT} if it is of this format, and broken or
   *     hostile; the caller then closes {@code source}
   */
  Optional<LayoutFiles> open(ArchiveSource source) throws IOException;
}
