package io.mirrorimages.list;

import io.mirrorimages.image.Reference;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/**
 * The images of one or more list files, each once. Immutable.
 *
 * <p>Grammar: one reference per line, as {@link Reference#parse} takes it; blanks around it, blank
 * lines, and {@code #} comments (on a line of their own or after a blank) do not count; lines end
 * in LF or CRLF, the last one need not end; a byte order mark is skipped. A second column can only
 * be a digest, as in Rancher's {@code rancher-images-digests-*.txt}, and pins the image.
 *
 * <p>Lines with the same name and tag are one image, at the place of the first; if only some of
 * them are pinned, the pin counts for all.
 *
 * @param entries the images in the order of their first mention, never empty when read from lists
 * @param duplicates how many further lines named an image again
 */
public record ImageList(List<ListEntry> entries, int duplicates) {
  /** The list that is standard input. */
  public static final String STANDARD_INPUT = "-";

  /** Copies the entries. */
  public ImageList {
    entries = List.copyOf(entries);
  }

  /**
   * Reads all lists, in their order. Needs memory in proportion to the images (and problems) in
   * them, not to the size of the files.
   *
   * @param lists paths of files, or {@link #STANDARD_INPUT}, that at most once
   * @param standardInput what {@code -} stands for; not closed
   * @throws ImageListException with everything that is wrong, if anything is: malformed lines,
   *     files that can't be read or are no lists, lists without images
   */
  public static ImageList read(List<String> lists, InputStream standardInput)
      throws ImageListException {
    Objects.requireNonNull(standardInput);
    ListCollector collector = new ListCollector();
    if (lists.isEmpty()) {
      collector.problem("no image list is given");
    }
    boolean inputRead = false;
    for (String list : lists) {
      if (!list.equals(STANDARD_INPUT)) {
        new ListFile(list, collector).read();
      } else if (inputRead) {
        collector.problem("standard input (-) can be given as a list only once");
      } else {
        inputRead = true;
        new ListFile("standard input", collector).read(standardInput);
      }
    }
    return collector.list();
  }

  /** Those that are written without tag and digest, so that they mean {@code latest}, in order. */
  public List<Reference> untagged() {
    return entries.stream().filter(ListEntry::untagged).map(ListEntry::reference).toList();
  }

  /** The images, in order. */
  public List<Reference> references() {
    return entries.stream().map(ListEntry::reference).toList();
  }
}
