package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.job.ExpectedDigests;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.report.Units;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The digests that the images of an archive should have. */
public final class DigestsOption {
  private static final String NAME = "--digests";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "Say which images of the archive have the digests in this file, and end with 1 if one has"
              + " another. Each line has a name and a digest, as in"
              + " rancher-images-digests-linux.txt. Unlike a list it chooses no images.")
  private @Nullable String file;

  /** The file, if it was named. */
  public Optional<String> file() {
    return Optional.ofNullable(file);
  }

  /**
   * The digests of the file, of which at least one has to be of {@code images}; empty if no file
   * was named.
   *
   * @throws ImageListException if it can't be read, or is no such file
   * @throws UsageException if it has no digest of these images
   */
  public Optional<ExpectedDigests> of(Collection<Reference> images) throws ImageListException {
    if (file == null) {
      return Optional.empty();
    }
    ExpectedDigests expected = ExpectedDigests.of(Text.line(file), read(file));
    if (images.stream().noneMatch(expected::has)) {
      throw new UsageException(
          ("%s %s has a digest of none of the %s: give the file of their release, with names as the"
                  + " archive has them")
              .formatted(NAME, file, Units.count(images.size(), "image")));
    }
    return Optional.of(expected);
  }

  private static List<Reference> read(String file) throws ImageListException {
    if (file.equals(ImageList.STANDARD_INPUT)) {
      throw new UsageException(NAME + " names a file, not -");
    }
    List<Reference> listed =
        ImageList.read(List.of(file), InputStream.nullInputStream()).references();
    if (listed.stream().allMatch(name -> name.digest().isEmpty())) {
      throw new UsageException(
          NAME + " " + file + " has no digests: each line is a name, a blank and a digest");
    }
    return listed;
  }
}
