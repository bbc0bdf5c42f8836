package io.mirrorimages.archive.format.distribution;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.FileTree;
import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.format.view.ViewBuilder;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file system of a registry of the Distribution project ({@code registry:2} and 3, its
 * registry/storage/paths.go), in a folder or a tar, at its top or deeper:
 *
 * <pre>
 * docker/registry/v2/blobs/ALGORITHM/TWO/HEX/data
 * docker/registry/v2/repositories/NAME/_manifests/tags/TAG/current/link    a digest
 * </pre>
 *
 * It does not tell which registry it is of: {@code rancher/x} is read as docker does. Images
 * without a tag are reached by digest only.
 *
 * <p>oc-mirror 2 writes one into several tars (its internal/pkg/archive), names into the first one,
 * and notes of its own into the last one, which may have nothing else.
 */
public final class RegistryFolderFormat implements ArchiveFormat {
  private static final String ROOT = "docker/registry/v2/";
  private static final Pattern TAG =
      Pattern.compile("repositories/(.+)/_manifests/tags/([^/]+)/current/link");
  private static final Pattern BLOB = Pattern.compile("blobs/([^/]+)/([^/]{2})/([^/]+)/data");
  private static final Pattern NOTE = Pattern.compile("working-dir/.*|isc_[0-9]{4}-.*");
  private static final int LONGEST_LINK = 256;

  @Override
  public String title() {
    return "file system of a registry";
  }

  @Override
  public Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    if (source.isFolder()
        ? !Files.isDirectory(source.path().resolve(ROOT))
        : source.entries().stream().noneMatch(entry -> root(entry.name()).isPresent())
            && !hasOnlyNotes(source)) {
      return Optional.empty();
    }
    FileTree tree = FileTree.of(source);
    String root =
        tree.files().keySet().stream()
            .flatMap(name -> root(name).stream())
            .findFirst()
            .orElse(ROOT);
    tree.refuseLinks(root);
    ViewBuilder view =
        new ViewBuilder(source, this).ofSet(!source.isFolder()).size(tree.size(root));
    try {
      for (Map.Entry<String, StoredContent> file : tree.files().tailMap(root).entrySet()) {
        if (file.getKey().startsWith(root)) {
          add(view, tree, root, file.getKey().substring(root.length()), file.getValue());
        }
      }
    } catch (InvalidContentException e) {
      throw source.errors().corrupt("is a damaged " + title() + ": " + e.getMessage());
    }
    return Optional.of(view.build());
  }

  private static boolean hasOnlyNotes(ArchiveSource source) throws IOException {
    return source.entries().stream()
        .allMatch(
            entry ->
                entry.kind() == FileEntry.EntryType.FOLDER || NOTE.matcher(entry.name()).matches());
  }

  private static Optional<String> root(String name) {
    int at = ("/" + name).indexOf("/" + ROOT);
    return at < 0 ? Optional.empty() : Optional.of(name.substring(0, at) + ROOT);
  }

  private static void add(
      ViewBuilder view, FileTree tree, String root, String name, StoredContent content)
      throws IOException {
    Matcher blob = BLOB.matcher(name);
    Matcher tag = TAG.matcher(name);
    if (blob.matches()) {
      Digest digest = new Digest(blob.group(1), blob.group(3));
      if (!digest.hex().startsWith(blob.group(2))) {
        throw new InvalidContentException(name + " is not where its digest belongs");
      }
      view.blob(digest, content);
    } else if (tag.matches()) {
      Reference image = Reference.parse(tag.group(1) + ":" + tag.group(2));
      byte[] link = tree.read(root + name, LONGEST_LINK);
      Digest digest =
          Digest.parse(
              new String(link == null ? new byte[0] : link, StandardCharsets.UTF_8).strip());
      view.image(Optional.of(image), top(tree, root, digest));
    }
  }

  /** Describes a manifest; one that is not there is found missing when it is read. */
  private static Descriptor top(FileTree tree, String root, Digest digest) throws IOException {
    String data =
        root
            + "blobs/"
            + digest.algorithm()
            + "/"
            + digest.hex().substring(0, 2)
            + "/"
            + digest.hex()
            + "/data";
    byte[] bytes = tree.read(data, Manifest.LARGEST);
    return bytes == null
        ? new Descriptor(MediaTypes.OCI_MANIFEST, digest, 0)
        : new Descriptor(Manifest.parse(bytes, "").mediaType(), digest, bytes.length);
  }
}
