package io.mirrorimages.registry.endpoint;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Provenance;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Turn;
import io.mirrorimages.mirror.port.BlobPart;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.MultiEndpointSource;
import io.mirrorimages.mirror.port.RangeSource;
import io.mirrorimages.mirror.port.RateLimitedSource;
import io.mirrorimages.registry.client.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Registries as a source, through their mirrors: every single request goes to the first endpoint
 * that serves it. One that is down, slow, refuses, or sends something else is passed over for the
 * next, and what it said is kept for the outcome. Names stay those of the registries.
 */
public final class RoutedSource
    implements ImageSource, RateLimitedSource, RangeSource, MultiEndpointSource {
  private final Endpoints endpoints;
  private final Retries retries;
  private final Tags tags;
  private final EndpointUsage record;
  private final Failover walk;
  private final RoutedBlobs blobs;

  /** A source that makes no request yet; {@code retries} are those of a walk over all endpoints. */
  public RoutedSource(Endpoints endpoints, Routing routing, Retries retries) {
    this.endpoints = endpoints;
    this.retries = retries;
    this.record = new EndpointUsage(routing.listener());
    this.walk = new Failover(record, endpoints.limits());
    this.blobs = new RoutedBlobs(endpoints, retries, walk, record);
    this.tags = new Tags(this, walk, routing);
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    return image.digest().isPresent() ? shown(image) : tags.digest(image);
  }

  @Override
  public Optional<Digest> pin(Reference image) throws IOException {
    Optional<Digest> known = tags.pinned(image);
    return known.isEmpty() && !pulls(image).isEmpty() ? tags.digest(image) : known;
  }

  /** Only the first of them is asked what it is like: the others may never be. */
  @Override
  @SuppressWarnings("ReferenceEquality") // The first of the list itself.
  public List<RateLimitStatus> pulls(Reference image) throws IOException {
    List<ResolvedEndpoint> order =
        candidates(image.repository()).stream().filter(by -> by.hop().refusal().isEmpty()).toList();
    List<RateLimitStatus> pulls = new ArrayList<>();
    for (ResolvedEndpoint by : order) {
      boolean first = by == order.getFirst();
      Turn turn = order.size() == 1 ? Turn.ONLY : first ? Turn.FIRST : Turn.LATER;
      (first
              ? by.among(order).manifests().pulls(by.image(image), by.access(), by.toString(), turn)
              : by.client().limits().quota().allowance(by.toString(), turn))
          .ifPresent(pulls::add);
    }
    return pulls;
  }

  @Override
  public Manifest manifest(Reference image) throws IOException {
    if (image.digest().isPresent()) {
      return fetch(image, candidates(image.repository()));
    }
    Optional<Digest> known = tags.pinned(image);
    if (known.isEmpty()) {
      return fetch(image, candidates(image.repository()));
    }
    try {
      return manifest(image.at(known.get()));
    } catch (TransferException e) {
      if (e.reason() != FailureKind.MISSING) {
        throw e;
      }
      // Moved on meanwhile, or what the origin says of it is wrong: then its content tells.
      ResolvedEndpoint origin = tags.origin(image).orElseThrow(() -> e);
      try {
        return fetch(image, List.of(origin));
      } catch (TransferException again) {
        e.addSuppressed(again);
        throw e;
      }
    }
  }

  private Manifest fetch(Reference image, List<ResolvedEndpoint> candidates) throws IOException {
    String what = image.digest().map(Digest::toString).orElse(image.toString());
    return retries.call(
        () ->
            walk.over(
                candidates,
                image.toString(),
                what,
                by -> {
                  Manifest manifest =
                      by.manifests()
                          .get(by.image(image), by.access())
                          .orElseThrow(() -> missing(by, image));
                  record.served(what, by);
                  return manifest;
                }));
  }

  /** What the first endpoint that has the image says of its digest. */
  Optional<Digest> shown(Reference image) throws IOException {
    return retries.call(
        () ->
            walk.over(
                candidates(image.repository()),
                image.toString(),
                image.toString(),
                by -> head(by, image)));
  }

  /** Asks one endpoint, once. */
  static Optional<Digest> head(ResolvedEndpoint by, Reference image) throws IOException {
    Manifests.Found found = by.manifests().head(by.image(image), by.access());
    if (!found.present()) {
      throw missing(by, image);
    }
    return found.digest();
  }

  List<ResolvedEndpoint> candidates(Repository repository) {
    return endpoints.candidates(repository);
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return blobs.has(repository, blob);
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    return blobs.open(repository, blob, offset);
  }

  @Override
  public Optional<BlobPart> part(Repository repository, Descriptor blob, long from, long to)
      throws IOException {
    return blobs.part(repository, blob, from, to);
  }

  @Override
  public void wasDamaged(Descriptor blob) {
    blobs.wasDamaged(blob);
  }

  @Override
  public boolean hasOther(Repository repository, Descriptor blob) {
    return blobs.hasOther(repository, blob);
  }

  @Override
  public Provenance provenance(PlannedImage image) {
    return record.of(image);
  }

  static TransferException missing(ResolvedEndpoint by, Reference image) {
    return new TransferException(
        FailureKind.MISSING, by.client().registry() + " does not have " + by.image(image));
  }
}
