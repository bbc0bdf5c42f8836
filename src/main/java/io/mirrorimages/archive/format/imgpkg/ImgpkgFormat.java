package io.mirrorimages.archive.format.imgpkg;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.FileEntry.EntryType;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.FileTree;
import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.format.view.ViewBuilder;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A tar of {@code imgpkg copy --to-tar} (its pkg/imgpkg/imagetar). {@code manifest.json} has names,
 * manifests and configs, byte for byte; layers are files named {@code sha256-HEX.tar.gz}, whatever
 * they are compressed with. Layers that are not distributable may be absent, and full of zeros
 * where imgpkg was interrupted, which their hashes tell.
 */
public final class ImgpkgFormat implements ArchiveFormat {
  private static final int LARGEST_MANIFEST = 256 * 1024 * 1024;
  private static final int LARGEST_ITEM = 64 * 1024 * 1024;
  private static final Pattern LAYER = Pattern.compile("([a-z0-9]+)-([0-9a-f]+)\\.tar\\.gz");

  @Override
  public String title() {
    return "imgpkg tar";
  }

  @Override
  public Optional<LayoutFiles> open(ArchiveSource source) throws IOException {
    if (source.isFolder() || source.entries().stream().noneMatch(ImgpkgFormat::isManifest)) {
      return Optional.empty();
    }
    FileTree tree = FileTree.of(source);
    byte[] manifest = tree.read(LayoutNames.DOCKER_MANIFEST, LARGEST_MANIFEST);
    if (manifest == null || !isOfImgpkg(manifest)) {
      return Optional.empty();
    }
    tree.refuseLinks("");
    ViewBuilder view = new ViewBuilder(source, this).size(source.file().size());
    try {
      visit(manifest, new ImgpkgItems(view));
      for (Map.Entry<String, StoredContent> file : tree.files().entrySet()) {
        Matcher layer = LAYER.matcher(file.getKey());
        if (layer.matches()) {
          view.blob(new Digest(layer.group(1), layer.group(2)), file.getValue());
        }
      }
    } catch (InvalidContentException e) {
      throw source
          .errors()
          .corrupt("is no whole imgpkg tar: " + e.getMessage() + "; copy or make it again");
    }
    source.forget();
    return Optional.of(view.build());
  }

  private static boolean isManifest(FileEntry entry) {
    return entry.kind() == EntryType.FILE && entry.name().equals(LayoutNames.DOCKER_MANIFEST);
  }

  /** Docker has a list under this name too, of other objects. */
  private static boolean isOfImgpkg(byte[] manifest) {
    try (JsonParser json = Json.parser(manifest, LayoutNames.DOCKER_MANIFEST)) {
      return json.nextToken() == JsonToken.START_ARRAY
          && json.nextToken() == JsonToken.START_OBJECT
          && json.nextToken() == JsonToken.PROPERTY_NAME
          && ImgpkgItems.isKind(json.currentName());
    } catch (JacksonException | InvalidContentException e) {
      return false;
    }
  }

  private static void visit(byte[] manifest, ImgpkgItems items) {
    try (JsonParser json = Json.parser(manifest, LayoutNames.DOCKER_MANIFEST)) {
      json.nextToken();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        items.add(Json.element(json, manifest, LARGEST_ITEM, LayoutNames.DOCKER_MANIFEST));
      }
      if (json.nextToken() != null) {
        throw new InvalidContentException(
            LayoutNames.DOCKER_MANIFEST + " has more than one JSON document");
      }
    } catch (JacksonException e) {
      throw Json.malformed(LayoutNames.DOCKER_MANIFEST, e);
    }
  }
}
