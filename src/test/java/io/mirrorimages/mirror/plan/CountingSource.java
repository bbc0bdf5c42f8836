package io.mirrorimages.mirror.plan;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ForwardingImageSource;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.LocalManifests;
import io.mirrorimages.mirror.PullAllowance;
import io.mirrorimages.mirror.RateLimitedSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A source that counts its manifests, as Docker Hub does, and has some on this machine. */
final class CountingSource extends ForwardingImageSource
    implements RateLimitedSource, LocalManifests {
  static final PullAllowance HUB = allowance("docker.io", PullAllowance.Turn.ONLY);

  final Map<Digest, Manifest> local = new HashMap<>();
  List<PullAllowance> places = List.of(HUB);

  CountingSource(ImageSource source) {
    super(source);
  }

  static PullAllowance allowance(String place, PullAllowance.Turn turn) {
    return new PullAllowance(
        place, turn, PullAllowance.Account.ADDRESS, 100, Duration.ofHours(6), 90, 10);
  }

  @Override
  public Optional<Digest> pin(Reference image) {
    return Optional.empty();
  }

  @Override
  public List<PullAllowance> pulls(Reference image) {
    return places;
  }

  @Override
  public Optional<Manifest> localManifest(Digest digest) {
    return Optional.ofNullable(local.get(digest));
  }
}
