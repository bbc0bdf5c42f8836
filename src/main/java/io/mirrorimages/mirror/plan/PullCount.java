package io.mirrorimages.mirror.plan;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestGraph;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Turn;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.RateLimitedSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts how many manifests a plan wants from places that count them. Thread-safe. */
public final class PullCount {
  private final RateLimitedSource source;
  private final PlatformFilter filter;
  private final ManifestCache manifests;

  public PullCount(ImageSource source, PlatformFilter filter, ManifestCache manifests) {
    this.source = RateLimitedSource.of(source);
    this.filter = filter;
    this.manifests = manifests;
  }

  private record Allowance(String name, Turn turn) {}

  /** What is wanted of one place. */
  private static final class Need {
    private final Set<String> wanted = new HashSet<>();
    private RateLimitStatus allowance;
    private boolean exact = true;

    Need(RateLimitStatus allowance) {
      this.allowance = allowance;
    }
  }

  /** Adds what one image wants to what is known. */
  private interface Wanting {
    void add(ImageResolution draft, Need need) throws IOException;
  }

  /** When the tags are known and nothing has been read: one manifest or index for each image. */
  List<PullForecast> ofImages(List<ImageResolution> drafts) throws IOException {
    return forecasts(
        drafts,
        (draft, need) -> {
          if (draft.top().isEmpty()) {
            need.wanted.add(
                draft.known().map(Digest::toString).orElse(draft.request().source().toString()));
            need.exact = false;
          } else {
            addBelow(draft, need);
          }
        });
  }

  /** When the indexes are read: what they refer to. */
  List<PullForecast> ofIndexes(List<ImageResolution> drafts) throws IOException {
    return forecasts(drafts, this::addBelow);
  }

  /** When all has been read. */
  List<PullForecast> ofNothing(List<ImageResolution> drafts) throws IOException {
    return forecasts(drafts, (draft, need) -> {});
  }

  private List<PullForecast> forecasts(List<ImageResolution> drafts, Wanting wanting)
      throws IOException {
    Map<Allowance, Need> needs = new LinkedHashMap<>();
    for (ImageResolution draft : drafts) {
      for (RateLimitStatus allowance : source.pulls(draft.request().source())) {
        Need need =
            needs.computeIfAbsent(
                new Allowance(allowance.place(), allowance.turn()), place -> new Need(allowance));
        need.allowance = allowance;
        if (draft.isOpen()) {
          wanting.add(draft, need);
        }
      }
    }
    List<PullForecast> forecasts = new ArrayList<>();
    needs
        .values()
        .forEach(
            need ->
                forecasts.add(new PullForecast(need.allowance, need.wanted.size(), need.exact)));
    return forecasts;
  }

  private void addBelow(ImageResolution draft, Need need) throws IOException {
    Optional<Manifest> index = draft.top().filter(Manifest::isIndex);
    if (index.isPresent()) {
      List<Descriptor> selected = selected(index.get(), need);
      if (!isShown(draft, index.get(), selected)) {
        add(selected, need);
      }
    }
  }

  private boolean isShown(ImageResolution draft, Manifest index, List<Descriptor> selected) {
    Optional<Digest> shown = draft.shown();
    if (shown.isEmpty()) {
      return false;
    }
    if (filter.takesAll()) {
      return shown.get().equals(index.digest());
    }
    Set<Digest> kept = selected.stream().map(Descriptor::digest).collect(Collectors.toSet());
    return filter.wanted().size() == 1
        ? kept.contains(shown.get())
        : shown.get().equals(index.keepingOnly(kept).digest());
  }

  private List<Descriptor> selected(Manifest index, Need need) throws IOException {
    return filter.select(
        index,
        entry -> {
          // Its config tells, and to get at that it has to be fetched.
          add(List.of(entry), need);
          need.exact = false;
          return Optional.empty();
        });
  }

  private void add(List<Descriptor> entries, Need need) throws IOException {
    ManifestGraph graph =
        new ManifestGraph(
            entry -> {
              Optional<Manifest> known = manifests.known(entry.digest());
              if (known.isEmpty()) {
                need.wanted.add(entry.digest().toString());
                need.exact = need.exact && !MediaTypes.isIndex(entry.mediaType());
              }
              return known;
            });
    try {
      for (Descriptor entry : entries) {
        graph.walk(entry, (found, manifest) -> {});
      }
    } catch (InvalidContentException e) {
      // The image fails when it is planned; until then its count is a guess.
      need.exact = false;
    }
  }
}
