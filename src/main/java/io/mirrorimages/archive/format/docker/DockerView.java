package io.mirrorimages.archive.format.docker;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutView;
import io.mirrorimages.archive.format.view.Rebuilt;
import io.mirrorimages.archive.format.view.ViewBuilder;
import io.mirrorimages.archive.layout.DockerItem;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.RebuiltManifest;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.ImageConfig;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a layout of a docker archive: of each of its images a manifest. For one use. */
final class DockerView {
  private static final int LARGEST_MANIFEST = 256 * 1024 * 1024;

  private final ArchiveSource source;
  private final DockerFiles files;
  private final DockerLayers layers;
  private final ViewBuilder view;
  private final List<SavedImage> images = new ArrayList<>();

  DockerView(ArchiveSource source, ArchiveFormat format) throws IOException {
    this.source = source;
    this.files = new DockerFiles(source);
    this.layers = new DockerLayers(source);
    this.view = new ViewBuilder(source, format).rebuilt(Rebuilt.MANIFESTS);
  }

  private record SavedImage(
      List<String> tags, Descriptor config, List<Digest> layers, List<Digest> diffIds) {}

  /** {@link InvalidContentException} if it is damaged, with what is. */
  LayoutView build() throws IOException {
    if (!files.has(LayoutNames.DOCKER_MANIFEST)) {
      throw new InvalidContentException(
          "it has no manifest.json, as docker wrote them before 1.10");
    }
    DockerItem.visit(bytes(LayoutNames.DOCKER_MANIFEST, LARGEST_MANIFEST), this::add);
    for (SavedImage image : images) {
      add(image);
    }
    layers.contents().forEach(view::blob);
    source.forget();
    return view.size(source.file().size()).build();
  }

  /** Takes config and layers of an image. */
  private void add(DockerItem item) throws IOException {
    byte[] config = bytes(item.config(), Manifest.LARGEST);
    FileEntry file = files.get(item.config());
    // Hashed when it is used: what is damaged then is this image alone.
    Digest digest = DockerLayers.named(file.name()).orElseGet(() -> Digest.sha256(config));
    view.blob(digest, content(file));
    List<Digest> diffIds = ImageConfig.diffIds(config);
    if (diffIds.size() != item.layers().size()) {
      throw new InvalidContentException(
          "manifest.json names %d layers where %s has %d"
              .formatted(item.layers().size(), Text.quote(item.config()), diffIds.size()));
    }
    List<Digest> own = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      own.add(layers.add(files.get(item.layers().get(i)), diffIds.get(i)));
    }
    Descriptor described = new Descriptor(MediaTypes.OCI_CONFIG, digest, config.length);
    images.add(new SavedImage(item.tags(), described, own, diffIds));
  }

  /** Makes the manifest, once it is known which file is which layer. */
  private void add(SavedImage image) throws IOException {
    List<Descriptor> described = new ArrayList<>();
    for (int i = 0; i < image.layers.size(); i++) {
      Digest layer = layers.settled(image.layers.get(i), image.diffIds.get(i));
      described.add(layers.descriptor(layer));
    }
    byte[] bytes = RebuiltManifest.bytes(image.config, described);
    Descriptor manifest =
        new Descriptor(MediaTypes.OCI_MANIFEST, Digest.sha256(bytes), bytes.length);
    view.blob(manifest.digest(), StoredContent.of(bytes));
    boolean named = false;
    for (String tag : image.tags) {
      Optional<Reference> name = name(tag);
      if (name.isPresent()) {
        view.image(name, manifest);
        named = true;
      }
    }
    if (!named) {
      view.image(Optional.empty(), manifest);
    }
  }

  /**
   * The name by tag; a digest in it is that of the lost manifest. Empty for what is no name, as
   * {@code <none>:<none>}.
   */
  private static Optional<Reference> name(String tag) {
    try {
      Reference name = Reference.parse(tag);
      return name.tag().isEmpty()
          ? Optional.empty()
          : Optional.of(new Reference(name.repository(), name.tag(), Optional.empty()));
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }

  private byte[] bytes(String name, int largest) throws IOException {
    FileEntry file = files.get(name);
    if (file.size() > largest) {
      throw source
          .errors()
          .hostile(name, "has " + file.size() + " bytes, more than the " + largest + " allowed");
    }
    return source.file().readFully(file.data(), (int) file.size());
  }

  private StoredContent content(FileEntry file) {
    return StoredContent.of(source.file(), file, source.errors());
  }
}
