package io.mirrorimages.doctor;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.AdmissionCheck;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.client.ManifestTrial;
import io.mirrorimages.registry.rules.KnownRegistries;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Looks whether the registry takes the images as they are: their layers and media types. */
final class ImagesCheck implements Check {
  private static final int SHOWN = 5;

  private final DoctorContext site;

  ImagesCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.IMAGES;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.LOGIN);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    List<CheckResult> found = new ArrayList<>(refusedNames(site.registry(), site.wish().images()));
    if (!found.isEmpty()) {
      return found;
    }
    found.addAll(missingRepositories());
    if (site.wish().plan().isEmpty()) {
      return found;
    }
    List<PlannedImage> images = site.wish().plan().get().images();
    found.addAll(largeLayers(site.registries().asTarget(), images));
    if (site.harbor().isEmpty() && !images.isEmpty()) {
      found.addAll(mediaTypes(images));
    }
    return found;
  }

  /** Names that a registry known by its host does not take. */
  static List<CheckResult> refusedNames(String registry, List<Reference> images) {
    try {
      KnownRegistries.standard().of(registry).checkNames(images);
      return List.of();
    } catch (InvalidContentException e) {
      return List.of(CheckResult.failure(CheckId.IMAGES, e.getMessage(), ""));
    }
  }

  /** Where a push makes none. */
  private List<CheckResult> missingRepositories() throws IOException {
    Set<Repository> wanted =
        site.images().stream().map(image -> image.repository()).collect(Collectors.toSet());
    SortedSet<String> absent = site.registries().absent(site.registry(), wanted);
    return absent.isEmpty()
        ? List.of()
        : List.of(
            CheckResult.failure(
                subject(),
                site.registry() + " does not have " + shown(absent),
                "create them first, for a push does not"));
  }

  /** Asks the target nothing: how large they may be is a rule of the registries known by name. */
  static List<CheckResult> largeLayers(ImageTarget target, List<PlannedImage> images) {
    return images.stream()
        .flatMap(image -> AdmissionCheck.of(target).refusal(image).stream())
        .map(TransferException::getMessage)
        .distinct()
        .limit(SHOWN)
        .map(refusal -> CheckResult.failure(CheckId.IMAGES, refusal, ""))
        .toList();
  }

  private List<CheckResult> mediaTypes(List<PlannedImage> images) throws IOException {
    ManifestTrial trial =
        site.registries().manifestTrial(images.getFirst().request().target().repository());
    Set<String> types = new TreeSet<>();
    images.forEach(
        image -> image.manifests().stream().map(Manifest::mediaType).forEach(types::add));
    List<CheckResult> found = new ArrayList<>();
    for (String type : types) {
      refusal(trial, type)
          .ifPresent(
              refusal ->
                  found.add(
                      CheckResult.failure(
                          subject(),
                          count(images, type)
                              + " of the "
                              + images.size()
                              + " images can't be stored: "
                              + refusal,
                          "")));
    }
    if (found.isEmpty()) {
      found.add(CheckResult.ok(subject(), "no media type of theirs is refused"));
    }
    return found;
  }

  /** Whatever else is wrong is for others to find. */
  private static Optional<String> refusal(ManifestTrial trial, String type)
      throws InterruptedIOException {
    try {
      return trial.refusal(type);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static long count(List<PlannedImage> images, String type) {
    return images.stream()
        .filter(image -> image.manifests().stream().anyMatch(m -> m.mediaType().equals(type)))
        .count();
  }

  private static String shown(SortedSet<String> names) {
    return names.stream().limit(SHOWN).collect(Collectors.joining(", "))
        + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
  }
}
