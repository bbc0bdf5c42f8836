package io.mirrorimages.mirror.port;

/** The ability of an upload that takes a blob's bytes in any order, from several threads. */
@FunctionalInterface
public interface RandomAccessUpload {
  /** Where the blob's bytes are put in place of {@link BlobUpload#send}. */
  RandomAccessBlob place();
}
