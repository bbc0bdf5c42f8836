package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.RateLimitStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The ability of a source that may count the manifests it gives against a limit of pulls, as Docker
 * Hub does.
 */
public interface RateLimitedSource {
  /**
   * Resolves the tag without a counted request where manifests are counted; empty where they are
   * not, and where only the content can tell.
   */
  Optional<Digest> pin(Reference image) throws IOException;

  /**
   * The places that count the manifests they give, among those that this image's come from, in the
   * order in which they are asked. One that nothing is known of yet may be asked, by a request that
   * is not counted.
   */
  List<RateLimitStatus> pulls(Reference image) throws IOException;

  /** The ability of {@code source}, or that of a source that counts nothing. */
  static RateLimitedSource of(ImageSource source) {
    return source.ability(RateLimitedSource.class).orElse(Unlimited.INSTANCE);
  }

  /** A source that counts nothing. */
  enum Unlimited implements RateLimitedSource {
    /** The one there is. */
    INSTANCE;

    @Override
    public Optional<Digest> pin(Reference image) {
      return Optional.empty();
    }

    @Override
    public List<RateLimitStatus> pulls(Reference image) {
      return List.of();
    }
  }
}
