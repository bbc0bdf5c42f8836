package io.mirrorimages.mirror.work;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.LocalSource;

/** Which host an image's tasks need, so that they can be kept back while it is away. */
public final class SourceHost {
  private SourceHost() {}

  /** The registry of the image's name; the same for all images of a source on this machine. */
  public static String of(ImageSource source, ImageRequest request) {
    return LocalSource.is(source) ? "" : request.source().repository().registry();
  }
}
