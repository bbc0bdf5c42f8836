package io.mirrorimages.archive.format.view;

import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the parts of a {@link LayoutView}. Not thread-safe. */
public final class ViewBuilder {
  private final ArchiveSource source;
  private final ArchiveFormat format;
  private final Map<String, StoredContent> blobs = new LinkedHashMap<>();
  private final List<LayoutJson.IndexEntry> images = new ArrayList<>();
  private final Map<Reference, Digest> names = new HashMap<>();
  private Rebuilt rebuilt = Rebuilt.NOTHING;
  private boolean ofSet;
  private long size;

  /** The view closes {@code source}; for messages it is of {@code format}. */
  public ViewBuilder(ArchiveSource source, ArchiveFormat format) {
    this.source = source;
    this.format = format;
  }

  /** Adds a blob, which is hashed when it is read; the first one of a digest counts. */
  public ViewBuilder blob(Digest digest, StoredContent content) {
    blobs.putIfAbsent(LayoutNames.blob(digest), content);
    return this;
  }

  /**
   * Adds an image to the index; its manifest is a blob too.
   *
   * @throws InvalidContentException if the name stands for another image already
   */
  public ViewBuilder image(Optional<Reference> name, Descriptor top) {
    if (name.isPresent()) {
      Digest other = names.putIfAbsent(name.get(), top.digest());
      if (other != null && !other.equals(top.digest())) {
        throw new InvalidContentException(
            "it gives the name %s to two images, %s and %s"
                .formatted(name.get(), other, top.digest()));
      }
    }
    images.add(new LayoutJson.IndexEntry(name, top));
    return this;
  }

  /** Says which manifests are not those of the registries, so that digests differ. */
  public ViewBuilder rebuilt(Rebuilt what) {
    rebuilt = what;
    return this;
  }

  /** Says whether it may be one file of a set, of which the others have what it lacks. */
  public ViewBuilder ofSet(boolean some) {
    ofSet = some;
    return this;
  }

  /** Says how large all files are together, in bytes. */
  public ViewBuilder size(long bytes) {
    size = bytes;
    return this;
  }

  public LayoutView build() {
    Map<String, StoredContent> files = new LinkedHashMap<>();
    files.put(LayoutNames.LAYOUT, StoredContent.of(LayoutJson.layout().bytes()));
    files.put(LayoutNames.INDEX, StoredContent.of(LayoutJson.entries(images).bytes()));
    files.putAll(blobs);
    return new LayoutView(source, format.title(), rebuilt, ofSet, size, files);
  }
}
