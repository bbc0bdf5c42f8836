package io.mirrorimages.cli;

import io.mirrorimages.image.Reference;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.list.ImageListException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that names image lists. */
final class ListOption {
  @Option(
      names = "--list",
      paramLabel = "FILE",
      description = "Image list, one reference per line; - is standard input. Can be repeated.")
  private List<String> files = new ArrayList<>();

  boolean isGiven() {
    return !files.isEmpty();
  }

  /** The images of all lists, each once. */
  List<Reference> read() throws ImageListException {
    if (files.isEmpty()) {
      throw new UsageException("no image list: add --list FILE");
    }
    return ImageList.read(files, System.in).references();
  }

  /** Whether standard input is taken by a list. */
  boolean readsStandardInput() {
    return files.contains("-");
  }
}
