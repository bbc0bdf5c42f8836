package io.mirrorimages.job;

import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.archive.folder.LayoutFolder;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Copying images into a folder that is an OCI image layout. They keep their names. */
public final class FolderCopy {
  private final Path folder;

  public FolderCopy(Path folder) {
    this.folder = folder;
  }

  /**
   * The requests for these images. A tag can stand for one image only: where pinned references give
   * it several, it goes to the one that is not pinned, else to the first, and the others are named
   * by digest.
   */
  public static List<ImageRequest> requests(List<Reference> names) {
    Map<Reference, Reference> owners = new HashMap<>();
    names.stream().filter(name -> name.digest().isEmpty()).forEach(name -> owners.put(name, name));
    names.stream()
        .filter(name -> name.tag().isPresent())
        .forEach(name -> owners.putIfAbsent(byTag(name), name));
    return names.stream()
        .map(
            name -> {
              boolean tagged =
                  name.digest().isEmpty()
                      || (name.tag().isPresent() && name.equals(owners.get(byTag(name))));
              return new ImageRequest(
                  name, tagged ? byTag(name) : name.at(name.digest().orElseThrow()));
            })
        .toList();
  }

  private static Reference byTag(Reference name) {
    return new Reference(name.repository(), name.tag(), Optional.empty());
  }

  /** What would be done; nothing is written. */
  public Plan plan(Mirror mirror, List<ImageRequest> requests) throws IOException {
    try (LayoutFolder target = LayoutFolder.look(folder)) {
      Plan plan = mirror.plan(requests, target).plan();
      checkSpace(plan, target);
      return plan;
    }
  }

  /** Copies the images; those that are whole have their names when this returns, or fails. */
  public List<ImageResult> results(Mirror mirror, List<ImageRequest> requests) throws IOException {
    try (LayoutFolder target = LayoutFolder.open(folder)) {
      Mirror.Transfer transfer = mirror.plan(requests, target, UnaryOperator.identity());
      checkSpace(transfer.plan(), target);
      List<ImageResult> results = transfer.carryOut();
      Set<ImageRequest> copied =
          results.stream()
              .filter(result -> result.status() == Status.COPIED)
              .map(ImageResult::request)
              .collect(Collectors.toSet());
      for (PlannedImage image : transfer.plan().images()) {
        if (copied.contains(image.request())) {
          target.show(image);
        }
      }
      if (results.stream().allMatch(result -> result.status().isSettled())) {
        target.finish();
      }
      return results;
    }
  }

  /** What an earlier run left of a blob is on the disk already. */
  private void checkSpace(Plan plan, LayoutFolder target) throws IOException {
    DiskFull.checkFolder(folder, plan.totals().toMove() - target.keptBytes());
  }
}
