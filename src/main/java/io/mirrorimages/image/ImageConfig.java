package io.mirrorimages.image;

/**
 * The one thing the mirror reads from an image's config (OCI image-spec, config.md): what it runs
 * on.
 */
public final class ImageConfig {
  private ImageConfig() {}

  /**
   * The platform named in the config document {@code bytes}; {@link InvalidContentException} if it
   * is not JSON.
   */
  public static Platform platform(byte[] bytes) {
    return ManifestView.platform(Json.parse(bytes, "the image config"));
  }
}
