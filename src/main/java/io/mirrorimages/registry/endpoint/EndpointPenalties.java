package io.mirrorimages.registry.endpoint;

import io.mirrorimages.image.Digest;
import io.mirrorimages.route.Endpoint;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What speaks against an endpoint as the one to ask for a blob: it broke off, or it has sent its
 * part of the blob already and is asked again, so that what came was wrong. Thread-safe.
 */
final class EndpointPenalties {
  private static final int BROKE_OFF = 2;
  private static final int WAS_READ = 1;

  private final ConcurrentMap<Digest, Map<Endpoint, Integer>> strikes = new ConcurrentHashMap<>();
  private final ConcurrentMap<Digest, Set<Endpoint>> senders = new ConcurrentHashMap<>();

  void brokeOff(Digest blob, ResolvedEndpoint by) {
    add(blob, by.endpoint(), BROKE_OFF);
  }

  void wasRead(Digest blob, ResolvedEndpoint by) {
    add(blob, by.endpoint(), WAS_READ);
  }

  /** It sent a part of the blob. */
  void sentPart(Digest blob, ResolvedEndpoint by) {
    senders.computeIfAbsent(blob, d -> ConcurrentHashMap.newKeySet()).add(by.endpoint());
  }

  /** The parts do not make the blob: any endpoint that sent one may have sent the wrong one. */
  void partsWereWrong(Digest blob) {
    Set<Endpoint> all = senders.remove(blob);
    if (all != null) {
      all.forEach(endpoint -> add(blob, endpoint, WAS_READ));
    }
  }

  private void add(Digest blob, Endpoint by, int count) {
    strikes.computeIfAbsent(blob, d -> new ConcurrentHashMap<>()).merge(by, count, Integer::sum);
  }

  int of(Digest blob, ResolvedEndpoint by) {
    return strikes.getOrDefault(blob, Map.of()).getOrDefault(by.endpoint(), 0);
  }

  /** The least blemished first; among equals the order stays. */
  List<ResolvedEndpoint> sorted(Digest blob, List<ResolvedEndpoint> candidates) {
    return candidates.stream().sorted(Comparator.comparingInt(c -> of(blob, c))).toList();
  }
}
