package io.mirrorimages.archive;

import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.nio.file.Path;

/** What is said about a file that is no usable archive: one line, what is wrong and what to do. */
final class ArchiveErrors {
  private static final String COPY_AGAIN = "copy it again and compare checksums";

  private final Path archive;

  ArchiveErrors(Path archive) {
    this.archive = archive;
  }

  MirrorException corrupt(String problem) {
    return new MirrorException(Reason.CORRUPT, archive + " " + problem);
  }

  MirrorException notTar() {
    return corrupt("is not a tar file: give the archive as save wrote it");
  }

  MirrorException compressed(String how, String command) {
    return corrupt("is compressed with " + how + ": decompress it first (" + command + ")");
  }

  MirrorException unfinished() {
    return corrupt("was not finished: run save again");
  }

  /** The file ends {@code where}. */
  MirrorException truncated(String where) {
    return corrupt("ends " + where + ": it was not copied completely; " + COPY_AGAIN);
  }

  MirrorException badHeader(long position) {
    return corrupt("is damaged at byte " + position + " (no tar header): " + COPY_AGAIN);
  }

  /** Content whose hash is not its digest. */
  MirrorException damaged(String what) {
    return corrupt("is damaged in " + what + ": " + COPY_AGAIN);
  }

  /** A file of a kind that no tool puts into an image archive. */
  MirrorException hostile(String name, String problem) {
    return refused(Text.quote(name) + " " + problem);
  }

  /** Something else that no tool puts into an image archive. */
  MirrorException refused(String problem) {
    return corrupt("is refused: " + problem);
  }

  MirrorException notLayout(String problem) {
    return corrupt("is no OCI image layout: " + problem);
  }

  MirrorException missing(String what) {
    return new MirrorException(Reason.MISSING, archive + " has no " + what);
  }
}
