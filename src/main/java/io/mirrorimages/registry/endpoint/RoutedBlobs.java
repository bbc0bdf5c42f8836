package io.mirrorimages.registry.endpoint;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobPart;
import io.mirrorimages.registry.client.BlobStream;
import io.mirrorimages.registry.client.Blobs;
import io.mirrorimages.registry.client.NoRangeException;
import io.mirrorimages.route.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The blobs of a {@link RoutedSource}, which documents the calls. It is remembered how each
 * endpoint served a blob: the next time the others come first, and one that sends no parts is asked
 * for none. Thread-safe.
 */
final class RoutedBlobs {
  private final Endpoints endpoints;
  private final Retries retries;
  private final Failover walk;
  private final EndpointUsage record;
  private final EndpointPenalties strikes = new EndpointPenalties();
  // They answer 200 to a Range, as caches do that fetch the blob meanwhile.
  private final Set<Endpoint> wholeSenders = ConcurrentHashMap.newKeySet();

  /**
   * @param record receives which endpoint served what
   */
  RoutedBlobs(Endpoints endpoints, Retries retries, Failover walk, EndpointUsage record) {
    this.endpoints = endpoints;
    this.retries = retries;
    this.walk = walk;
    this.record = record;
  }

  boolean has(Repository repository, Descriptor blob) throws IOException {
    try {
      return retries.call(
          () ->
              walk.over(
                  endpoints.candidates(repository),
                  Blobs.name(repository, blob),
                  blob.digest().toString(),
                  by -> {
                    if (!isThere(by, blob)) {
                      throw new TransferException(FailureKind.MISSING, "it does not have it");
                    }
                    return true;
                  }));
    } catch (TransferException e) {
      if (e.reason() == FailureKind.MISSING) {
        return false;
      }
      throw e;
    }
  }

  /** A cache that has not fetched a blob yet may deny it to HEAD, and fetch it for GET. */
  private static boolean isThere(ResolvedEndpoint by, Descriptor blob) throws IOException {
    if (by.endpoint().origin()) {
      return by.blobs().isThere(by.repository(), blob, by.access());
    }
    if (by.blobs().has(by.repository(), blob, by.access())) {
      return true;
    }
    by.blobs().open(by.repository(), blob, 0, by.access()).close();
    return true;
  }

  InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    List<ResolvedEndpoint> order = strikes.sorted(blob.digest(), endpoints.candidates(repository));
    String name = Blobs.name(repository, blob);
    String what = blob.digest().toString();
    try {
      return walk.over(order, name, what, by -> open(by, blob, offset, offset == 0));
    } catch (TransferException e) {
      if (offset == 0) {
        throw e;
      }
      // What was read already is read again then, which is better than nothing.
      return walk.over(order, name, what, by -> open(by, blob, offset, true));
    }
  }

  private InputStream open(ResolvedEndpoint by, Descriptor blob, long offset, boolean skipping)
      throws IOException {
    BlobStream content = by.blobs().open(by.repository(), blob, offset, by.access(), skipping);
    record.served(blob.digest().toString(), by);
    return content.reportingTo(outcome(blob, by, true));
  }

  Optional<BlobPart> part(Repository repository, Descriptor blob, long from, long to)
      throws IOException {
    List<ResolvedEndpoint> order = strikes.sorted(blob.digest(), endpoints.candidates(repository));
    List<ResolvedEndpoint> able =
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
              by -> part(by, blob, from, to)));
    } catch (TransferException e) {
      // Those that send it only as a whole can still do that.
      if (from > 0 && order.stream().anyMatch(by -> wholeSenders.contains(by.endpoint()))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private BlobPart part(ResolvedEndpoint by, Descriptor blob, long from, long to)
      throws IOException {
    if (wholeSenders.contains(by.endpoint())) {
      return new BlobPart(open(by, blob, 0, true), blob.size());
    }
    BlobStream content;
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
    return new BlobPart(content.reportingTo(outcome(blob, by, whole)), content.end());
  }

  private EndpointOutcome outcome(Descriptor blob, ResolvedEndpoint by, boolean whole) {
    Runnable atEnd = whole ? () -> strikes.wasRead(blob.digest(), by) : () -> {};
    return new EndpointOutcome(blob, by, strikes, record, atEnd);
  }

  void wasDamaged(Descriptor blob) {
    strikes.partsWereWrong(blob.digest());
  }

  boolean hasOther(Repository repository, Descriptor blob) {
    return endpoints.candidates(repository).stream()
        .anyMatch(by -> strikes.of(blob.digest(), by) == 0);
  }
}
