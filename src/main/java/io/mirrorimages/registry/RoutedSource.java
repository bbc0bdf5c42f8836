package io.mirrorimages.registry;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.BlobPart;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Provenance;
import io.mirrorimages.mirror.PullAllowance;
import io.mirrorimages.mirror.PullAllowance.Turn;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.mirror.Retries;
import io.mirrorimages.route.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Registries as a source, through their mirrors: every single request goes to the first endpoint
 * that serves it. One that is down, slow, refuses, or sends something else is passed over for the
 * next, and what it said is kept for the outcome. Names stay those of the registries.
 */
final class RoutedSource implements ImageSource {
  private final Endpoints endpoints;
  private final Retries retries;
  private final Tags tags;
  private final ServedBy record = new ServedBy();
  private final Walk walk;
  private final Strikes strikes = new Strikes();
  // They answer 200 to a Range, as caches do that fetch the blob meanwhile.
  private final Set<Endpoint> wholeSenders = ConcurrentHashMap.newKeySet();

  RoutedSource(Endpoints endpoints, Routing routing, Retries retries) {
    this.endpoints = endpoints;
    this.retries = retries;
    this.walk = new Walk(record, endpoints.timer());
    this.tags = new Tags(this, walk, routing);
  }

  @Override
  public Optional<Digest> digest(Reference image) throws IOException {
    return image.digest().isPresent() ? shown(image) : tags.digest(image);
  }

  @Override
  public Optional<Digest> pin(Reference image) throws IOException {
    Optional<Digest> known = tags.pinned(image);
    return known.isEmpty() && !pulls(image).isEmpty() ? tags.digest(image) : known;
  }

  /** Only the first of them is asked what it is like: the others may never be. */
  @Override
  public List<PullAllowance> pulls(Reference image) throws IOException {
    List<Candidate> order =
        candidates(image.repository()).stream().filter(by -> by.hop().refusal().isEmpty()).toList();
    List<PullAllowance> pulls = new ArrayList<>();
    for (Candidate by : order) {
      boolean first = by == order.getFirst();
      Turn turn = order.size() == 1 ? Turn.ONLY : first ? Turn.FIRST : Turn.LATER;
      (first
              ? by.manifests().pulls(by.image(image), by.access(), by.toString(), turn)
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
    } catch (MirrorException e) {
      if (e.reason() != Reason.MISSING) {
        throw e;
      }
      // Moved on meanwhile, or what the origin says of it is wrong: then its content tells.
      Candidate origin = tags.origin(image).orElseThrow(() -> e);
      try {
        return fetch(image, List.of(origin));
      } catch (MirrorException again) {
        e.addSuppressed(again);
        throw e;
      }
    }
  }

  private Manifest fetch(Reference image, List<Candidate> candidates) throws IOException {
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
  static Optional<Digest> head(Candidate by, Reference image) throws IOException {
    Manifests.Found found = by.manifests().head(by.image(image), by.access());
    if (!found.present()) {
      throw missing(by, image);
    }
    return found.digest();
  }

  List<Candidate> candidates(Repository repository) {
    return endpoints.candidates(repository);
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    try {
      return retries.call(
          () ->
              walk.over(
                  candidates(repository),
                  Blobs.name(repository, blob),
                  blob.digest().toString(),
                  by -> {
                    if (!isThere(by, blob)) {
                      throw new MirrorException(Reason.MISSING, "it does not have it");
                    }
                    return true;
                  }));
    } catch (MirrorException e) {
      if (e.reason() == Reason.MISSING) {
        return false;
      }
      throw e;
    }
  }

  /** A cache that has not fetched a blob yet may deny it to HEAD, and fetch it for GET. */
  private static boolean isThere(Candidate by, Descriptor blob) throws IOException {
    boolean confirmed = by.blobs().has(by.repository(), blob, by.access());
    if (confirmed || by.endpoint().origin()) {
      return confirmed;
    }
    by.blobs().open(by.repository(), blob, 0, by.access()).close();
    return true;
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    List<Candidate> order = strikes.sorted(blob.digest(), candidates(repository));
    String name = Blobs.name(repository, blob);
    String what = blob.digest().toString();
    try {
      return walk.over(order, name, what, by -> open(by, repository, blob, offset, offset == 0));
    } catch (MirrorException e) {
      if (offset == 0) {
        throw e;
      }
      // What was read already is read again then, which is better than nothing.
      return walk.over(order, name, what, by -> open(by, repository, blob, offset, true));
    }
  }

  private InputStream open(
      Candidate by, Repository repository, Descriptor blob, long offset, boolean skipping)
      throws IOException {
    InputStream content = by.blobs().open(by.repository(), blob, offset, by.access(), skipping);
    record.served(blob.digest().toString(), by);
    return new EndpointStream(
        content,
        offset,
        from -> open(repository, blob, from),
        blob,
        by,
        strikes,
        record,
        () -> strikes.wasRead(blob.digest(), by));
  }

  @Override
  public Optional<BlobPart> part(Repository repository, Descriptor blob, long from, long to)
      throws IOException {
    List<Candidate> order = strikes.sorted(blob.digest(), candidates(repository));
    List<Candidate> able =
        order.stream().filter(by -> from == 0 || !wholeSenders.contains(by.endpoint())).toList();
    if (able.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          walk.over(
              able,
              Blobs.name(repository, blob),
              blob.digest().toString(),
              by -> part(by, repository, blob, from, to)));
    } catch (MirrorException e) {
      // Those that send it only as a whole can still do that.
      if (from > 0 && order.stream().anyMatch(by -> wholeSenders.contains(by.endpoint()))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private BlobPart part(Candidate by, Repository repository, Descriptor blob, long from, long to)
      throws IOException {
    if (wholeSenders.contains(by.endpoint())) {
      return new BlobPart(open(by, repository, blob, 0, true), blob.size());
    }
    PausableBlob content;
    try {
      content = by.blobs().part(by.repository(), blob, from, to, by.access());
    } catch (NoRangeException e) {
      wholeSenders.add(by.endpoint());
      throw e;
    }
    record.served(blob.digest().toString(), by);
    boolean whole = content.end() > to;
    if (whole) {
      wholeSenders.add(by.endpoint());
    } else {
      strikes.sentPart(blob.digest(), by);
    }
    // That a part was read to its end says nothing yet: its like are asked for at the same place.
    Runnable atEnd = whole ? () -> strikes.wasRead(blob.digest(), by) : () -> {};
    return new BlobPart(
        new EndpointStream(
            content,
            from,
            at -> rest(repository, blob, at, content.end()),
            blob,
            by,
            strikes,
            record,
            atEnd),
        content.end());
  }

  /** The rest of a part, from another endpoint; all of the blob is not what is wanted now. */
  private InputStream rest(Repository repository, Descriptor blob, long from, long to)
      throws IOException {
    Optional<BlobPart> rest = part(repository, blob, from, to);
    if (rest.isPresent() && rest.get().end() == to) {
      return rest.get().content();
    }
    if (rest.isPresent()) {
      rest.get().content().close();
    }
    throw new MirrorException(
        Reason.NETWORK, "no endpoint sends the rest of a part of " + Blobs.name(repository, blob));
  }

  @Override
  public void wasDamaged(Descriptor blob) {
    strikes.partsWereWrong(blob.digest());
  }

  @Override
  public boolean hasOther(Repository repository, Descriptor blob) {
    return candidates(repository).stream().anyMatch(by -> strikes.of(blob.digest(), by) == 0);
  }

  @Override
  public Provenance provenance(PlannedImage image) {
    return record.of(image);
  }

  static MirrorException missing(Candidate by, Reference image) {
    return new MirrorException(
        Reason.MISSING, by.client().registry() + " does not have " + by.image(image));
  }
}
