package io.mirrorimages.job.save;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The finished archive that an earlier run of the same command left: nothing is to be done, and no
 * registry is asked.
 *
 * @param output what the user calls it
 * @param results what is said of each image
 */
public record CompleteArchive(Path output, List<ImageResult> results) {

  /**
   * Finds it; empty if there is none that was made for {@code key}, with all that was wanted, and
   * has all its volumes to their ends. Blobs are not hashed.
   */
  public static Optional<CompleteArchive> find(
      ArchiveSpec spec, String key, List<ImageRequest> requests) throws IOException {
    List<Path> files = spec.finished();
    if (files.isEmpty() || UnfinishedArchive.find(spec).isPresent()) {
      return Optional.empty();
    }
    try (ArchiveReader archive = ArchiveReader.open(files)) {
      return archive.isMadeFor(key)
              && archive.missingVolumes().isEmpty()
              && archive.inventory().volumes() == files.size()
              && archive.indexFaults() == 0
          ? Optional.of(new CompleteArchive(spec.output(), results(archive, requests)))
          : Optional.empty();
    } catch (IOException e) {
      // Whatever it is: what is said of a file in the output's place holds for it.
      return Optional.empty();
    }
  }

  /** In one line. */
  @Override
  public String toString() {
    return "complete: "
        + output
        + " has the "
        + Units.count(results.size(), "image")
        + " of this command, nothing to do (its bytes are not hashed here: verify does that; "
        + Setting.OVERWRITE
        + " makes it anew)";
  }

  private static List<ImageResult> results(ArchiveReader archive, List<ImageRequest> requests)
      throws IOException {
    Map<Reference, Digest> there = new HashMap<>();
    for (ArchivedImage image : archive.images()) {
      Digest digest = image.descriptor().digest();
      there.put(image.name(), digest);
      there.put(image.name().at(digest), digest);
      Reference pinned =
          new Reference(image.name().repository(), image.name().tag(), Optional.of(digest));
      there.put(pinned, digest);
    }
    List<ImageResult> results = requests.stream().map(request -> result(request, there)).toList();
    if (results.stream().noneMatch(result -> result.status() == Status.SKIPPED)) {
      return results;
    }
    List<ImageResult> told = new ArrayList<>();
    for (ImageResult result : results) {
      told.add(result.forAnyPlatform(isForAnyPlatform(archive, result)));
    }
    return told;
  }

  private static boolean isForAnyPlatform(ArchiveReader archive, ImageResult result)
      throws IOException {
    if (result.targetDigest().isEmpty()) {
      return false;
    }
    Manifest manifest = archive.manifest(result.targetDigest().get(), "");
    return !manifest.isIndex() && !manifest.isContainerImage();
  }

  private static ImageResult result(ImageRequest request, Map<Reference, Digest> there) {
    Reference name = request.source();
    Reference tagged = new Reference(name.repository(), name.tag(), Optional.empty());
    Optional<Digest> found =
        Optional.ofNullable(there.get(name))
            .or(() -> name.digest().map(name::at).map(there::get))
            .or(() -> name.tag().map(tag -> there.get(tagged)));
    return new ImageResult.Builder(request, found.isPresent() ? Status.UNCHANGED : Status.SKIPPED)
        .targetDigest(found)
        .message(found.isPresent() ? "" : "it was left out when the archive was made")
        .build();
  }
}
