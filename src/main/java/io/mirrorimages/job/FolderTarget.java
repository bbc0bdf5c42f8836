package io.mirrorimages.job;

import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.archive.folder.LayoutFolder;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.port.ImageTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is an OCI image layout, as the target of one job. Images keep their names. {@link
 * #close} lets other runs use the folder; needed where the job fails.
 */
public final class FolderTarget implements JobTarget, AutoCloseable {
  private final Path folder;
  private @Nullable LayoutFolder layout;

  /** The folder, which is made by {@link #prepare} if it does not exist; nothing is opened yet. */
  public FolderTarget(Path folder) {
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

  @Override
  public ImageTarget prepare(JobListener listener) throws IOException {
    LayoutFolder target = opened(LayoutFolder.open(folder));
    listener.resuming(target.keptBytes());
    return target;
  }

  @Override
  public ImageTarget foresee(JobListener listener) throws IOException {
    return opened(LayoutFolder.look(folder));
  }

  private LayoutFolder opened(LayoutFolder one) throws IOException {
    close();
    layout = one;
    return one;
  }

  private LayoutFolder layout() {
    return Objects.requireNonNull(layout, "not prepared");
  }

  /** What an earlier run left of a blob is on the disk already. */
  @Override
  public void check(Plan plan, JobListener listener) throws IOException {
    layout().expect(plan);
    DiskFull.checkFolder(folder, plan.totals().toMove() - layout().keptBytes());
  }

  /** Lets other runs use the folder. */
  @Override
  public void finish(Plan plan, List<ImageResult> results) throws IOException {
    if (results.stream().allMatch(result -> result.status().isSettled())) {
      layout().finish();
    }
    close();
  }

  @Override
  public void close() throws IOException {
    LayoutFolder one = layout;
    layout = null;
    if (one != null) {
      one.close();
    }
  }
}
