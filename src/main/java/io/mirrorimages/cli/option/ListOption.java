package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names image lists. */
public final class ListOption {
  private static final int MOST_NAMED = 5;

  @Option(
      names = {"-l", "--list"},
      paramLabel = "FILE",
      arity = "1..*",
      parameterConsumer = ListFiles.class,
      description =
          "Image list, one reference per line; - is standard input. Several can be given, also as"
              + " 'rancher-*.txt'.")
  private List<String> files = new ArrayList<>();

  public boolean isGiven() {
    return !files.isEmpty();
  }

  /** The images of all lists, each once. */
  public List<Reference> read() throws IOException, ImageListException {
    return list().references();
  }

  /** The same; empty if no list is given. */
  public Optional<List<Reference>> readIfGiven() throws IOException, ImageListException {
    return isGiven() ? Optional.of(read()) : Optional.empty();
  }

  /** The same, telling which of them are written without a tag. */
  public Optional<List<Reference>> readIfGiven(RunListener hints)
      throws IOException, ImageListException {
    return isGiven() ? Optional.of(read(hints)) : Optional.empty();
  }

  /** The images of all lists, telling once which of them are written without a tag. */
  public List<Reference> read(RunListener hints) throws IOException, ImageListException {
    ImageList list = list();
    nameUntagged(list, hints);
    return list.references();
  }

  /** Tells once which images of a list are written without a tag. */
  public static void nameUntagged(ImageList list, RunListener hints) {
    List<Reference> untagged = list.untagged();
    if (!untagged.isEmpty()) {
      hints.on(
          new RunEvent.Hint(
              Units.count(untagged.size(), "image")
                  + " of the list without a tag, so latest is meant: "
                  + String.join(
                      ", ", untagged.stream().limit(MOST_NAMED).map(Reference::toString).toList())
                  + (untagged.size() > MOST_NAMED ? ", ..." : "")));
    }
  }

  private ImageList list() throws IOException, ImageListException {
    if (files.isEmpty()) {
      throw new UsageException("no image list: add --list FILE");
    }
    List<String> all = new ArrayList<>();
    for (String file : files) {
      // An address may have a ? that is no wildcard.
      if (file.equals(ImageList.STANDARD_INPUT) || file.contains("://")) {
        all.add(file);
      } else {
        FilePattern.files(Path.of(file)).forEach(one -> all.add(one.toString()));
      }
    }
    return ImageList.read(all, System.in);
  }

  /** Whether standard input is taken by a list. */
  boolean readsStandardInput() {
    return files.contains("-");
  }
}
