package io.mirrorimages.mirror.plan;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.LocalManifests;
import io.mirrorimages.mirror.port.RateLimitedSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A source that counts its manifests, as Docker Hub does, and has some on this machine. */
final class CountingSource extends ForwardingImageSource
    implements RateLimitedSource, LocalManifests {
  static final RateLimitStatus HUB = allowance("docker.io", RateLimitStatus.Turn.ONLY);

  final Map<Digest, Manifest> local = new HashMap<>();
  List<RateLimitStatus> places = List.of(HUB);

  CountingSource(ImageSource source) {
    super(source);
  }

  static RateLimitStatus allowance(String place, RateLimitStatus.Turn turn) {
    return new RateLimitStatus(
        place, turn, RateLimitStatus.Account.ADDRESS, 100, Duration.ofHours(6), 90, 10);
  }

  @Override
  public Optional<Digest> pin(Reference image) {
    return Optional.empty();
  }

  @Override
  public List<RateLimitStatus> pulls(Reference image) {
    return places;
  }

  @Override
  public Optional<Manifest> localManifest(Digest digest) {
    return Optional.ofNullable(local.get(digest));
  }
}
