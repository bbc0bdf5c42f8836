package io.mirrorimages.registry.endpoint;

import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Provenance;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Which endpoint served what, and which did not and why, for the outcome. What is asked for is
 * called by its digest, or, where that is not known yet, by its full name. Thread-safe.
 */
final class EndpointUsage {
  private final RunListener listener;
  private final ConcurrentMap<String, Set<String>> served = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Map<String, String>> refused = new ConcurrentHashMap<>();

  /** Skipped endpoints are reported to {@code listener}. */
  EndpointUsage(RunListener listener) {
    this.listener = listener;
  }

  void served(String what, ResolvedEndpoint by) {
    served.compute(
        what,
        (key, known) -> {
          Set<String> all = new LinkedHashSet<>(known == null ? Set.of() : known);
          all.add(by.toString());
          return all;
        });
  }

  /** The first reason of each endpoint is kept and reported. */
  void refused(String what, ResolvedEndpoint by, String why) {
    AtomicBoolean first = new AtomicBoolean();
    refused.compute(
        what,
        (key, known) -> {
          Map<String, String> all = new LinkedHashMap<>(known == null ? Map.of() : known);
          first.set(all.putIfAbsent(by.toString(), why) == null);
          return all;
        });
    if (first.get()) {
      listener.on(new RunEvent.EndpointSkipped(by.toString(), what, why));
    }
  }

  /** All that is known of an image. */
  Provenance of(PlannedImage image) {
    List<String> parts = new ArrayList<>();
    parts.add(image.request().source().toString());
    parts.add(image.sourceDigest().toString());
    image.manifests().forEach(manifest -> parts.add(manifest.digest().toString()));
    image.blobs().stream().map(blob -> blob.digest()).map(Digest::toString).forEach(parts::add);
    Set<String> by = new LinkedHashSet<>();
    Map<String, String> passedOver = new LinkedHashMap<>();
    for (String part : parts) {
      by.addAll(served.getOrDefault(part, Set.of()));
      refused.getOrDefault(part, Map.of()).forEach(passedOver::putIfAbsent);
    }
    return new Provenance(List.copyOf(by), passedOver);
  }
}
