package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.ImageConfig;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.UnsupportedManifestException;
import io.mirrorimages.mirror.port.ExternalBlob;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is in an archive, as its manifests say; blobs are not hashed.
 *
 * @param images its images in their order
 * @param blobs the number of different manifests, configs and layers of all images
 * @param mentioned their bytes if every image brought all its own
 * @param unique their bytes, each digest once
 * @param users how many images have each of them
 */
public record Inspection(
    List<Item> images, long blobs, long mentioned, long unique, Map<Digest, Integer> users) {

  /** Copies the list. */
  public Inspection {
    images = List.copyOf(images);
    users = Collections.unmodifiableMap(users);
  }

  /**
   * An image.
   *
   * @param image its name, and its manifest or index
   * @param platforms what it runs on, as {@code linux/amd64}; empty for artifacts, and if its
   *     config is not there
   * @param size the bytes of all its manifests, configs and layers
   * @param own those of them that no other image has
   * @param elsewhere the volumes or bases that have what these files lack of it, in words
   * @param fault why the rest of it can't be told; empty if all could be read
   */
  public record Item(
      ArchivedImage image,
      List<String> platforms,
      long size,
      long own,
      Set<String> elsewhere,
      Optional<String> fault) {
    /** Copies the collections. */
    public Item {
      platforms = List.copyOf(platforms);
      elsewhere = Set.copyOf(elsewhere);
    }

    /** The bytes that other images have too. */
    public long shared() {
      return size - own;
    }
  }

  /** Reads all manifests of {@code archive}, and the configs of images without index. */
  public static Inspection of(ArchiveReader archive) throws IOException {
    List<Visit> visits = new ArrayList<>();
    Map<Digest, Long> sizes = new HashMap<>();
    Map<Digest, Integer> users = new HashMap<>();
    for (ArchivedImage image : archive.images()) {
      Visit visit = new Visit(archive, image);
      try {
        new ContentWalk(archive, visit).from(image.descriptor());
      } catch (TransferException | InvalidContentException | UnsupportedManifestException e) {
        // One odd image does not hide the others.
        visit.fault = Optional.of(Failure.of(e).message());
      }
      visits.add(visit);
      visit.contents.forEach(
          (digest, size) -> {
            sizes.put(digest, size);
            users.merge(digest, 1, Integer::sum);
          });
    }
    List<Item> items = new ArrayList<>();
    for (Visit visit : visits) {
      long own =
          visit.contents.entrySet().stream()
              .filter(content -> users.getOrDefault(content.getKey(), 0) == 1)
              .mapToLong(Map.Entry::getValue)
              .sum();
      items.add(
          new Item(
              visit.image,
              List.copyOf(visit.platforms),
              visit.size(),
              own,
              visit.elsewhere,
              visit.fault));
    }
    return new Inspection(
        items,
        sizes.size(),
        visits.stream().mapToLong(Visit::size).sum(),
        sizes.values().stream().mapToLong(Long::longValue).sum(),
        users);
  }

  /** What an image runs on, as far as the archive tells; its name does not count. */
  static List<String> platforms(ArchiveReader archive, Descriptor top) throws IOException {
    Visit visit = new Visit(archive, new ArchivedImage(Reference.parse("unnamed"), top));
    try {
      new ContentWalk(archive, visit).from(top);
    } catch (TransferException | InvalidContentException | UnsupportedManifestException e) {
      return List.of();
    }
    return List.copyOf(visit.platforms);
  }

  /** The walk through one image. */
  private static final class Visit implements ContentWalk.ContentVisitor {
    private final ArchiveReader archive;
    private final ArchivedImage image;
    private final Map<Digest, Long> contents = new LinkedHashMap<>();
    private final Set<String> platforms = new LinkedHashSet<>();
    private final Set<String> elsewhere = new TreeSet<>();
    private Optional<String> fault = Optional.empty();

    Visit(ArchiveReader archive, ArchivedImage image) {
      this.archive = archive;
      this.image = image;
    }

    long size() {
      return contents.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void content(Descriptor content) {
      archive.lacking(content).map(ExternalBlob::where).ifPresent(elsewhere::add);
      // What refers to it may be wrong about its size.
      contents.put(content.digest(), archive.size(content.digest()).orElse(content.size()));
    }

    @Override
    public void manifest(Manifest manifest, Optional<Platform> platform) {
      platform
          .or(() -> platformOf(manifest))
          .filter(p -> !p.os().equals("unknown"))
          .ifPresent(p -> platforms.add(p.toString()));
    }

    private Optional<Platform> platformOf(Manifest manifest) {
      Optional<Descriptor> config =
          manifest
              .config()
              .filter(c -> MediaTypes.isImageConfig(c.mediaType()))
              .filter(c -> c.size() <= Manifest.LARGEST)
              .filter(c -> archive.has(image.name().repository(), c));
      if (config.isEmpty()) {
        return Optional.empty();
      }
      try (InputStream in = archive.open(image.name().repository(), config.get(), 0)) {
        return Optional.of(ImageConfig.platform(in.readAllBytes()));
      } catch (IOException | InvalidContentException e) {
        // Verify finds out whether it is damaged; here it is only not known.
        return Optional.empty();
      }
    }
  }
}
