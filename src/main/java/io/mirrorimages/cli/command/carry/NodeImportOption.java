package io.mirrorimages.cli.command.carry;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.JobListener;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.nodes.rancher.ImportedArchive;
import io.mirrorimages.nodes.rancher.RancherDistribution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for archives that nodes import without a registry. */
public final class NodeImportOption {
  /** Who imports archives. */
  private enum Importer {
    K3S,
    RKE2
  }

  @Option(
      names = "--for",
      paramLabel = "k3s|rke2",
      description =
          "Make an archive that nodes import at their start: for one --platform, in one file, of"
              + " images with tags; charts and other artifacts are left out. Without --output it"
              + " gets its usual name.")
  private @Nullable Importer importer;

  /** Whether it is given, so that no name of an archive is needed. */
  public boolean isGiven() {
    return importer != null;
  }

  /**
   * The archive to make, also if none is named.
   *
   * @param given as on the command line; not null unless the option is given
   * @param platforms those that are taken of each image
   * @throws UsageException if what is asked for can't be imported
   * @throws TransferException the same, for images and platforms
   */
  public ImageLocation.Local output(
      ImageLocation.@Nullable Local given,
      List<Reference> images,
      List<Platform> platforms,
      boolean inVolumes,
      boolean isDelta)
      throws TransferException {
    Optional<ImportedArchive> wanted = archive();
    if (wanted.isEmpty()) {
      return Objects.requireNonNull(given);
    }
    ImportedArchive archive = wanted.get();
    if (inVolumes || isDelta || given instanceof ImageLocation.OciLayout) {
      throw new UsageException(
          "--for makes one file with all of its images: leave out "
              + (inVolumes ? "--volume-size" : isDelta ? "--base" : given + ", and name a file"));
    }
    String name =
        given instanceof ImageLocation.OciArchive(Path file)
            ? String.valueOf(file.getFileName())
            : platforms.size() == 1 ? archive.fileName(platforms.getFirst()) : ".tar";
    archive.check(images, platforms, name);
    return given == null ? new ImageLocation.OciArchive(Path.of(name)) : given;
  }

  /** What the archive is made for; empty if the option is not given. */
  public Optional<ImportedArchive> archive() {
    return Optional.ofNullable(importer)
        .map(
            it ->
                new ImportedArchive(
                    switch (it) {
                      case K3S -> RancherDistribution.K3S;
                      case RKE2 -> RancherDistribution.RKE2;
                    }));
  }

  /** The same without artifacts that nodes can't import, if the option is given. */
  public MirrorOptions with(MirrorOptions how) {
    return importer == null ? how : how.withImagesOnly();
  }

  /** Prints what is missing in a finished archive. Does nothing if it is not finished. */
  public void report(ArchiveFileNames names, List<Reference> images, JobListener listener)
      throws IOException {
    if (importer != null && !names.finished().isEmpty()) {
      archive().orElseThrow().missing(images).ifPresent(listener::note);
    }
  }
}
