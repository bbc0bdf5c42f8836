package io.mirrorimages.archive;

import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes everything of an archive that is not a blob's content: headers, the end, and the JSON
 * files.
 */
final class LayoutWriter {
  private final ArchiveContents contents;
  private final PartialFile file;

  LayoutWriter(ArchiveContents contents, PartialFile file) {
    this.contents = contents;
    this.file = file;
  }

  /** Gives every blob its place, under a name that claims nothing yet. */
  void layOut() throws IOException {
    // The end first: a file system that can't hold the file says so at once.
    byte[] end = new byte[TarLayout.END_MARKER];
    file.write(end, end.length, contents.size() - end.length);
    for (Map.Entry<Digest, Region> blob : contents.blobs().entrySet()) {
      header(LayoutNames.incomplete(blob.getKey()), blob.getValue());
    }
  }

  /** Gives a region, now that all of it is there, the name of its blob. */
  void complete(Digest digest, Region region) throws IOException {
    header(LayoutNames.blob(digest), region);
  }

  /** Writes the JSON files, which show exactly these images. */
  void show(List<NamedImage> images) throws IOException {
    json(LayoutNames.LAYOUT, contents.layout(), LayoutJson.layout());
    json(LayoutNames.INDEX, contents.index(), LayoutJson.index(images));
    json(LayoutNames.DOCKER_MANIFEST, contents.dockerManifest(), LayoutJson.dockerManifest(images));
  }

  private void header(String name, Region region) throws IOException {
    byte[] header = TarHeader.of(name, region.size());
    if (header.length != region.headerLength()) {
      throw new IllegalStateException("the header of " + name + " has another length than planned");
    }
    file.write(header, header.length, region.header());
  }

  /** Writes a JSON file over its whole region: what is left of it is white space. */
  private void json(String name, Region region, byte[] json) throws IOException {
    byte[] padded = Arrays.copyOf(json, Math.toIntExact(region.size()));
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    header(name, region);
    file.write(padded, padded.length, region.data());
  }
}
