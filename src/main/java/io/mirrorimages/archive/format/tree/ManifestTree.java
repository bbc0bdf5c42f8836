package io.mirrorimages.archive.format.tree;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.FileTree;
import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.format.view.ViewBuilder;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A format that has one folder of blobs, and manifests in folders named by repository; in a folder
 * or a tar, at its top or deeper.
 */
abstract class ManifestTree implements ArchiveFormat {
  private final String blobs;
  private final Pattern blob;

  /**
   * @param blobs what the path of a blob has before its digest in hex
   */
  ManifestTree(String blobs) {
    this.blobs = blobs;
    this.blob = Pattern.compile("(|.*/)" + Pattern.quote(blobs) + "([0-9a-f]{64})");
  }

  /**
   * Looks at a file that is no blob.
   *
   * @param name its path below the folder that has the folder of blobs
   * @throws InvalidContentException if it belongs to the format, and is broken
   */
  abstract void add(String name, SmallFile file, TaggedManifests manifests) throws IOException;

  /** A file that is no larger than a manifest may be. */
  record SmallFile(FileTree tree, String path, StoredContent content) {
    byte[] bytes() throws IOException {
      return Objects.requireNonNull(tree.read(path, Manifest.LARGEST));
    }
  }

  @Override
  public final Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    Optional<String> root = root(source);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    FileTree tree = FileTree.of(source);
    String top = root.get();
    tree.refuseLinks(top);
    ViewBuilder view = new ViewBuilder(source, this).size(tree.size(top));
    TaggedManifests manifests = new TaggedManifests(view);
    try {
      for (Map.Entry<String, StoredContent> file : tree.files().tailMap(top).entrySet()) {
        if (!file.getKey().startsWith(top)) {
          break;
        }
        Matcher content = blob.matcher(file.getKey());
        if (content.matches() && content.group(1).equals(top)) {
          view.blob(new Digest("sha256", content.group(2)), file.getValue());
        } else {
          String path = file.getKey();
          add(path.substring(top.length()), new SmallFile(tree, path, file.getValue()), manifests);
        }
      }
    } catch (InvalidContentException e) {
      throw source
          .errors()
          .corrupt("is a damaged %s: %s; make it again".formatted(title(), e.getMessage()));
    }
    manifests.nameImages();
    source.forget();
    return Optional.of(view.build());
  }

  /** The folder that has the blobs, as a prefix of paths; empty if this is another format. */
  private Optional<String> root(ArchiveSource source) throws IOException {
    if (!source.isFolder()) {
      return source.entries().stream()
          .map(FileEntry::name)
          .flatMap(name -> Stream.of(blob.matcher(name)).filter(Matcher::matches))
          .map(matcher -> matcher.group(1))
          .findFirst();
    }
    int slash = blobs.indexOf('/');
    Path folder = source.path().resolve(blobs.substring(0, slash));
    if (source.isMeantAsLayout() || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(
              file -> blob.matcher(blobs.substring(0, slash + 1) + file.getFileName()).matches())
          ? Optional.of("")
          : Optional.empty();
    }
  }
}
