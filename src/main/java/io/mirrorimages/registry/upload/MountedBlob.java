package io.mirrorimages.registry.upload;

import io.mirrorimages.mirror.port.BlobUpload;
import java.io.InputStream;

/** A blob that the registry took from another of its repositories, or had already. */
final class MountedBlob implements BlobUpload {
  @Override
  public boolean mounted() {
    return true;
  }

  @Override
  public void send(InputStream content) {
    throw new IllegalStateException("the blob is mounted");
  }

  @Override
  public void close() {}
}
