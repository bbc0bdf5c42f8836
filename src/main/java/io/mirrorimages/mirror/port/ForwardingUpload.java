package io.mirrorimages.mirror.port;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * An upload that wraps another one and has all its abilities. A subclass that changes the answers
 * of an ability implements that ability itself.
 */
public abstract class ForwardingUpload implements BlobUpload {
  private final BlobUpload upload;

  /** Wraps {@code upload} and closes it. */
  protected ForwardingUpload(BlobUpload upload) {
    this.upload = upload;
  }

  @Override
  public boolean mounted() {
    return upload.mounted();
  }

  @Override
  public void send(InputStream content) throws IOException {
    upload.send(content);
  }

  @Override
  public void close() {
    upload.close();
  }

  @Override
  public <A> Optional<A> ability(Class<A> ability) {
    return BlobUpload.super.ability(ability).or(() -> upload.ability(ability));
  }
}
