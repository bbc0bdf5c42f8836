package io.mirrorimages.archive.write;

import io.mirrorimages.archive.design.VolumeContents;
import io.mirrorimages.archive.file.PartialFile;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.InventoryJson;
import io.mirrorimages.archive.layout.JsonText;
import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.archive.tar.TarHeader;
import io.mirrorimages.archive.tar.TarLayout;
import io.mirrorimages.image.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.core.exc.JacksonIOException;

/**
 * One file of an archive that is being written: its bytes by position, and everything in it that is
 * not a blob's content (headers, the end, and the JSON files). Writing is thread-safe.
 */
final class VolumeWriter implements Closeable {
  private final int number;
  private final VolumeContents contents;
  private final PartialFile file;

  /** Of volume {@code number}, counted from 1. */
  VolumeWriter(int number, VolumeContents contents, PartialFile file) {
    this.number = number;
    this.contents = contents;
    this.file = file;
  }

  /** Which volume it is, counted from 1. */
  int number() {
    return number;
  }

  VolumeContents contents() {
    return contents;
  }

  /** Gives every blob its place, under a name that claims nothing yet. */
  void layOut() throws IOException {
    // The end first: a file system that can't hold the file says so at once.
    byte[] end = new byte[TarLayout.END_MARKER];
    file.write(end, end.length, contents.size() - end.length);
    for (Map.Entry<Digest, Region> blob : contents.blobs().entrySet()) {
      header(LayoutNames.incomplete(blob.getKey()), blob.getValue());
      padding(blob.getValue());
    }
  }

  /** Gives a region, now that all of it is there, the name of its blob. */
  void complete(Digest digest, Region region) throws IOException {
    header(LayoutNames.blob(digest), region);
  }

  /** Writes the JSON files, which show exactly these images, and brings everything to the disk. */
  void show(List<NamedImage> images, Inventory inventory) throws IOException {
    json(LayoutNames.LAYOUT, contents.layout(), LayoutJson.layout());
    json(LayoutNames.INDEX, contents.index(), LayoutJson.index(images));
    json(LayoutNames.DOCKER_MANIFEST, contents.dockerManifest(), contents.dockerManifest(images));
    json(LayoutNames.INVENTORY, contents.inventory(), InventoryJson.of(inventory));
    file.force();
  }

  /** Gives the file its name. */
  void publish() throws IOException {
    file.publish();
  }

  /** Removes what an earlier run wrote. */
  void empty() throws IOException {
    file.empty();
  }

  /** From now on the file stays when it is closed unfinished. */
  void keep() {
    file.keep();
  }

  /** Reads what was written; see {@link PositionalFile#read}. */
  int read(byte[] buffer, int offset, int length, long position) throws IOException {
    return file.read(buffer, offset, length, position);
  }

  /** Writes {@code length} bytes of {@code buffer} at {@code position}. */
  void write(byte[] buffer, int length, long position) throws IOException {
    file.write(buffer, length, position);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void header(String name, Region region) throws IOException {
    byte[] header = TarHeader.of(name, region.size());
    if (header.length != region.headerLength()) {
      throw new IllegalStateException("the header of " + name + " has another length than planned");
    }
    file.write(header, header.length, region.header());
  }

  /** Zeros, also where an earlier run's file has something else. */
  private void padding(Region region) throws IOException {
    byte[] padding = new byte[region.padding()];
    file.write(padding, padding.length, region.data() + region.size());
  }

  /** Writes a JSON file over its whole region: what is left of it is white space. */
  private void json(String name, Region region, JsonText json) throws IOException {
    header(name, region);
    padding(region);
    try (RegionOutputStream out = new RegionOutputStream(file, region)) {
      json.writeTo(out);
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }
}
