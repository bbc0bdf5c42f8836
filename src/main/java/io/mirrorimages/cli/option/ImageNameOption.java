package io.mirrorimages.cli.option;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.UnnamedImages;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.cli.output.UnpackingView;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A name for what an archive of another tool has under none. */
public final class ImageNameOption {
  @Option(
      names = "--name",
      paramLabel = "IMAGE",
      description =
          "Call the image so that the archive has without a full name, or without a registry in"
              + " it, as in docker.io/rancher/shell:v0.1.24. Without a tag, all such images have"
              + " the tags that the archive gives them.")
  private String name;

  /** Opens the archive as {@link ArchiveOption#open}, and names what is to be named in it. */
  public ArchiveReader open(ArchiveOption archive, RunListener listener) throws IOException {
    return open(archive, archive.given(), listener);
  }

  /** The same for what {@code names} name of it. */
  public ArchiveReader open(ArchiveOption archive, List<String> names, RunListener listener)
      throws IOException {
    Optional<Reference> image = image();
    return named(archive.open(names, listener), image);
  }

  /**
   * The same for a run; where somebody watches, a view on {@code err} shows how far archives are
   * unpacked.
   *
   * @param first what is done before anything is unpacked
   */
  public ArchiveReader open(
      ArchiveOption archive, RunOptions options, PrintStream err, Unpacker.Precondition first)
      throws IOException {
    Optional<Reference> image = image();
    try (UnpackingView _ = options.log().showUnpacking(err)) {
      return named(archive.open(archive.given(), options.listeners(), first), image);
    }
  }

  /** The same with names of several images, which are left to the caller. */
  public ArchiveReader openAmbiguous(ArchiveOption archive, RunOptions options, PrintStream err)
      throws IOException {
    Optional<Reference> image = image();
    try (UnpackingView _ = options.log().showUnpacking(err)) {
      return named(archive.openAmbiguous(options.listeners()), image);
    }
  }

  private Optional<Reference> image() {
    return Optional.ofNullable(name).map(ImageNameOption::parse);
  }

  private ArchiveReader named(ArchiveReader reader, Optional<Reference> image) throws IOException {
    boolean opened = false;
    try {
      if (image.isPresent()) {
        UnnamedImages.of(reader).name(image.get().repository(), tag(image.get()));
      }
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        reader.close();
      }
    }
  }

  /** The option as words of a command line; empty if it is not given. */
  public List<String> words() {
    return name == null ? List.of() : List.of("--name", name);
  }

  private static Reference parse(String name) {
    try {
      Reference image = Reference.parse(name);
      if (image.digest().isPresent()) {
        throw new UsageException("--name takes no digest, which the image has: leave it out");
      }
      return image;
    } catch (InvalidContentException e) {
      throw new UsageException("--name " + name + " is no name of an image: " + e.getMessage());
    }
  }

  /** What a name has without being told is no tag. */
  private Optional<String> tag(Reference image) {
    return name.lastIndexOf(':') > name.lastIndexOf('/') ? image.tag() : Optional.empty();
  }
}
