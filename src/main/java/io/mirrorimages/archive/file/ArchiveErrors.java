package io.mirrorimages.archive.file;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Text;
import java.nio.file.Path;

/** What is said about a file that is no usable archive: one line, what is wrong and what to do. */
public final class ArchiveErrors {
  private static final String COPY_AGAIN = "copy it again and compare checksums";

  private final Path archive;

  /** What is said about this file. */
  public ArchiveErrors(Path archive) {
    this.archive = archive;
  }

  /** Something else that is wrong, and what to do. */
  public TransferException corrupt(String problem) {
    return new TransferException(FailureKind.CORRUPT, archive + " " + problem);
  }

  /** A file of another kind. */
  public TransferException notTar() {
    return corrupt("is not a tar file: give the archive as save wrote it");
  }

  /** A zip that hangar has not written. */
  public TransferException zip() {
    return corrupt(
        "is not a tar file but a zip, and not one of hangar, which would have an index.json: unpack"
            + " it and give what is in it");
  }

  /** A compressed file; {@code command} undoes that. */
  public TransferException compressed(String how, String command) {
    return corrupt("is compressed with " + how + ": decompress it first (" + command + ")");
  }

  /** A file that still bears the name it has while it is written. */
  public TransferException unfinished() {
    String name = String.valueOf(archive.getFileName());
    return corrupt(
        "was not finished: run the same save again where it was begun, which resumes it"
            + (ArchiveFileNames.isPartial(archive)
                ? " and then calls it " + ArchiveFileNames.finished(name)
                : ""));
  }

  /** The file ends {@code where}. */
  public TransferException truncated(String where) {
    return corrupt("ends " + where + ": it was not copied completely; " + COPY_AGAIN);
  }

  /** What is not zero, behind the mark of the end. */
  public TransferException appended(long bytes) {
    return corrupt(
        "has "
            + bytes
            + (bytes == 1 ? " byte" : " bytes")
            + " behind the end of the tar: is a second archive appended? give each by"
            + " itself");
  }

  /** An empty file. */
  public TransferException empty() {
    return corrupt("is empty: " + COPY_AGAIN);
  }

  /** A file that has its size and nothing else yet. */
  public TransferException zeros() {
    return corrupt(
        "has nothing but zeros: "
            + COPY_AGAIN
            + "; if save was interrupted, run the same save again");
  }

  /** No header at this offset, where one must be. */
  public TransferException badHeader(long position) {
    return corrupt("is damaged at byte " + position + " (no tar header): " + COPY_AGAIN);
  }

  /** Content whose hash is not its digest. */
  public TransferException damaged(String what) {
    return corrupt("is damaged in " + what + ": " + COPY_AGAIN);
  }

  /** A file of a kind that no tool puts into an image archive. */
  public TransferException hostile(String name, String problem) {
    return refused(Text.quote(name) + " " + problem);
  }

  /** Something else that no tool puts into an image archive. */
  public TransferException refused(String problem) {
    return corrupt("is refused: " + problem);
  }

  /** A tar that is something else than images. */
  public TransferException notLayout(String problem) {
    return corrupt("is no OCI image layout: " + problem);
  }

  /**
   * Something that is of none of the formats that can be read.
   *
   * @param seen what it is, as far as that can be told
   * @param known the formats, in words
   */
  public TransferException unknown(String seen, String known) {
    return corrupt("is " + seen + ": give an archive of a known format (" + known + ")");
  }

  /** Something that is not in it. */
  public TransferException missing(String what) {
    return missing(what, false);
  }

  /** The same, of what may be in another file of its {@code set}. */
  public TransferException missing(String what, boolean set) {
    String advice =
        set
            ? ": if it is one of several files, as oc-mirror writes them, give all of them together"
            : "";
    return new TransferException(FailureKind.MISSING, archive + " has no " + what + advice);
  }
}
