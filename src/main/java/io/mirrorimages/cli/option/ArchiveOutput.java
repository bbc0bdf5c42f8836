package io.mirrorimages.cli.option;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.read.InventoryFile;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.cli.option.value.OutputLocation;
import io.mirrorimages.cli.option.value.VolumeSize;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.save.SaveOptions;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The archive that a command makes: where, in how many files, and in place of what. */
public final class ArchiveOutput {
  private static final String NAME = "--output";

  @Option(
      names = {"-o", NAME},
      paramLabel = "FILE|oci:DIR",
      converter = OutputLocation.class,
      description =
          "The archive to make, a tar that is an OCI image layout; or oci:DIR, a folder that is"
              + " one, to which images are added.")
  private ImageLocation.@Nullable Local output;

  @Option(
      names = "--volume-size",
      paramLabel = "SIZE",
      converter = VolumeSize.class,
      description =
          "Make volumes FILE-0001.tar, FILE-0002.tar, ... of at most this size: 4G, 700M, 4GiB, or"
              + " dvd, bd25, fat32.")
  private @Nullable Long volumeSize;

  @Option(
      names = "--base",
      paramLabel = "FILE|oci:DIR",
      description =
          "Leave out what this earlier archive has, given as the archive, one of its volumes, or"
              + " its inventory: a delta. Or what a folder has.")
  private @Nullable String base;

  @Option(
      names = "--overwrite",
      description =
          "Replace a finished archive of this name when the new one is complete; what the old one"
              + " has is not fetched again.")
  private boolean overwrite;

  @Option(
      names = "--refresh",
      description =
          "Do not resume an interrupted run: resolve all tags again and begin from the start.")
  private boolean refresh;

  /** Gives the option that names it one more name in a command. */
  public static void addName(CommandSpec command, String name) {
    OptionNames.add(command, NAME, name);
  }

  /** Where it goes; empty if that is not given. */
  public Optional<ImageLocation.Local> output() {
    return Optional.ofNullable(output);
  }

  /** The most bytes of a volume; empty for one file. */
  public OptionalLong volumeSize() {
    return volumeSize == null ? OptionalLong.empty() : OptionalLong.of(volumeSize);
  }

  /** The earlier archive that a delta is on top of. */
  public Optional<ImageLocation.Local> base() {
    return Optional.ofNullable(base).map(ArchiveOption::parse);
  }

  /** Whether {@code file} is what is made, or a part of it that is there already. */
  public boolean makes(Path file) throws IOException {
    List<Path> made =
        switch (output) {
          case ImageLocation.OciArchive(Path path) ->
              new ArchiveFileNames(path, volumeSize != null).finished();
          case ImageLocation.OciLayout(Path path) -> List.of(path);
          case null -> List.of();
        };
    for (Path one : made) {
      if (Files.exists(one) && Files.isSameFile(one, file)) {
        return true;
      }
    }
    return false;
  }

  /** Refuses what is of no meaning where the images go into a folder. */
  public void refuseFor(ImageLocation.OciLayout folder) {
    refuse(volumeSize != null, "--volume-size", folder);
    refuse(base != null, "--base", folder);
    refuse(overwrite, "--overwrite", folder);
    refuse(refresh, "--refresh", folder);
  }

  /** Refuses one other option for a folder, if it is given. */
  public static void refuse(boolean given, String option, ImageLocation.OciLayout folder) {
    if (given) {
      throw new UsageException(
          option + " does not go with " + folder + ": it is for archives; leave it out");
    }
  }

  /**
   * What is to be done to make {@code file}; reads the inventory of the base.
   *
   * @param names the images that go into it
   */
  public SaveOptions options(
      Path file, List<Reference> names, MirrorOptions how, RunListener listener)
      throws IOException {
    Optional<ImageLocation.Local> earlier = base();
    Optional<Inventory> left =
        earlier.isEmpty()
            ? Optional.empty()
            : Optional.of(
                InventoryFile.read(earlier.get(), new Unpacker(null, listener), false, listener));
    ArchiveSpec spec = new ArchiveSpec(file, volumeSize(), left, overwrite);
    return new SaveOptions(spec, names, how, earlier, refresh);
  }
}
