package io.mirrorimages.archive.format.skopeo;

import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.FileTree;
import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.format.view.ViewBuilder;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Folders that skopeo has written to {@code dir:FOLDER}, or with {@code skopeo sync --dest dir},
 * one for each image, in a folder or a tar (containers-transports(5)):
 *
 * <pre>
 * [HOST/PATH/]NAME:TAG/version            Directory Transport Version: 1.x
 *                     /manifest.json      as it was at the registry
 *                     /HEX.manifest.json  manifests of an index
 *                     /HEX                configs and layers
 * </pre>
 *
 * The path is the name of the image; one that is at the top has none.
 */
public final class SkopeoDirFormat implements ArchiveFormat {
  private static final String VERSION = "version";
  private static final String MARK = "Directory Transport Version: 1.";
  private static final int LONGEST_VERSION = 256;
  private static final String MANIFEST = "manifest.json";
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{64}|sha512-[0-9a-f]{128})");

  @Override
  public String title() {
    return "folder of skopeo (dir:)";
  }

  @Override
  public Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    // A layout is told by a file; then there is no need to walk through all.
    if (source.isFolder()
        ? source.isMeantAsLayout()
        : source.entries().stream().noneMatch(entry -> isVersion(entry.name()))) {
      return Optional.empty();
    }
    FileTree tree = FileTree.of(source);
    ViewBuilder view = new ViewBuilder(source, this).size(tree.size(""));
    boolean found = false;
    for (String name : tree.files().keySet()) {
      if (isVersion(name) && isMarked(tree, name)) {
        String folder = name.substring(0, name.length() - VERSION.length());
        tree.refuseLinks(folder);
        try {
          add(view, tree, folder);
        } catch (InvalidContentException e) {
          throw source
              .errors()
              .corrupt("is damaged in " + folder + MANIFEST + ": " + e.getMessage());
        }
        found = true;
      }
    }
    return found ? Optional.of(view.build()) : Optional.empty();
  }

  private static boolean isVersion(String name) {
    return name.equals(VERSION) || name.endsWith("/" + VERSION);
  }

  private static boolean isMarked(FileTree tree, String name) throws IOException {
    StoredContent content = tree.files().get(name);
    byte[] text =
        content == null || content.size() > LONGEST_VERSION
            ? null
            : tree.read(name, LONGEST_VERSION);
    return text != null && new String(text, StandardCharsets.UTF_8).startsWith(MARK);
  }

  private static void add(ViewBuilder view, FileTree tree, String folder) throws IOException {
    byte[] bytes = tree.read(folder + MANIFEST, Manifest.LARGEST);
    if (bytes == null) {
      throw new InvalidContentException("it is not there; copy the image again");
    }
    Manifest manifest = Manifest.parse(bytes, "");
    for (Map.Entry<String, StoredContent> file : tree.files().tailMap(folder).entrySet()) {
      if (!file.getKey().startsWith(folder)) {
        break;
      }
      String name = file.getKey().substring(folder.length());
      String hex = name.endsWith("." + MANIFEST) ? name.substring(0, name.indexOf('.')) : name;
      if (HEX.matcher(hex).matches()) {
        view.blob(digest(hex), file.getValue());
      }
    }
    view.blob(manifest.digest(), StoredContent.of(bytes));
    view.image(
        folder.isEmpty()
            ? Optional.empty()
            : Optional.of(Reference.parse(folder.substring(0, folder.length() - 1))),
        manifest.descriptor());
  }

  private static Digest digest(String name) {
    int dash = name.indexOf('-');
    return dash < 0
        ? new Digest("sha256", name)
        : new Digest(name.substring(0, dash), name.substring(dash + 1));
  }
}
