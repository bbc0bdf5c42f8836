package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.view.Rebuilt;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.unpack.UnpackedCopy;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.port.ExternalBlob;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.LocalSource;
import io.mirrorimages.mirror.port.PartialSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads an archive in place: one of ours, in one file or several volumes, with the archives it is a
 * delta of if they are given too; and any other tars or folders of a known format, for example of
 * {@code skopeo copy ... oci-archive:} or {@code oci:}, alone or together.
 *
 * <p>Manifests are hashed whenever they are read; the bytes of other blobs are for the reader to
 * hash. Names, sizes and order in the files are claims: what contradicts itself, or has no place in
 * an image archive, is refused when it is opened, with {@link FailureKind#CORRUPT}.
 *
 * <p>Thread-safe; any number of streams can be open. Memory: about 300 bytes per blob. The caller
 * closes the reader, after its streams.
 */
public final class ArchiveReader implements ImageSource, PartialSource, LocalSource, Closeable {
  private final List<ArchiveVolume> volumes;
  private final VolumeSet set;
  private final List<AmbiguousName> ambiguous;
  private final ArchiveErrors errors;
  private final BlobPlaces blobs;
  private final RecentManifests recent = new RecentManifests();
  private final ImageNames names;
  private final ExternalBlobIndex whereabouts;

  private ArchiveReader(List<ArchiveVolume> volumes, boolean ambiguous) throws IOException {
    this.volumes = volumes;
    this.set = new VolumeSet(volumes);
    this.ambiguous = NameClaims.ambiguous(volumes, ambiguous);
    this.errors = volumes.getFirst().errors();
    this.blobs = new BlobPlaces(volumes);
    this.names = new ImageNames(volumes, set, blobs.digests());
    this.whereabouts = new ExternalBlobIndex(set, blobs.digests());
  }

  /** As {@link #openAll}, for one file. */
  public static ArchiveReader open(Path file) throws IOException {
    return open(List.of(file));
  }

  /** As {@link #openAll}, for files. */
  public static ArchiveReader open(List<Path> files) throws IOException {
    return openAll(files.stream().map(ImageLocation.OciArchive::new).toList());
  }

  /**
   * Opens an archive and reads its headers and its indexes.
   *
   * @param places one or more files or folders, of one or more archives, in any order; volumes may
   *     be missing
   * @throws TransferException {@link FailureKind#FILE_MISSING} if there is no such file, {@link
   *     FailureKind#FILE_DENIED} if it may not be read, {@link FailureKind#CORRUPT} if it is no
   *     complete, well-formed archive, or the files contradict each other; {@link
   *     FailureKind#OPTION} if a name means several images in archives of other tools
   */
  public static ArchiveReader openAll(List<? extends ImageLocation.Local> places)
      throws IOException {
    return openAll(places, Optional.empty());
  }

  /** The same; compressed files are unpacked, and refused without {@code unpacker}. */
  public static ArchiveReader openAll(
      List<? extends ImageLocation.Local> places, Optional<Unpacker> unpacker) throws IOException {
    return openAll(places, unpacker, false);
  }

  /** The same; {@code ambiguous} takes names of several images, which the first of them has. */
  public static ArchiveReader openAll(
      List<? extends ImageLocation.Local> places, Optional<Unpacker> unpacker, boolean ambiguous)
      throws IOException {
    List<ArchiveVolume> volumes = ArchiveVolume.openAll(places, unpacker);
    try {
      return new ArchiveReader(volumes, ambiguous);
    } catch (IOException | RuntimeException e) {
      ArchiveVolume.abandonAll(volumes, e);
      throw e;
    }
  }

  /**
   * All named images of which there is a manifest, in the order of the index, each name once. In a
   * delta that was opened with its base, a name means what the delta says.
   */
  public List<ArchivedImage> images() {
    return names.present();
  }

  /** The names that stand for several images, where that was taken. */
  public List<AmbiguousName> ambiguous() {
    return ambiguous;
  }

  /** The images of this archive that are altogether in volumes that were not given. */
  public List<ArchivedImage> awaited() {
    return names.awaited();
  }

  /** The volumes given of archives of which others were not, as {@link #missingVolumes}. */
  public List<String> incompleteVolumes() {
    return set.incomplete();
  }

  /** Whether other files of its set, as of oc-mirror, may have what is missing here. */
  public boolean isOfSet() {
    return set.isOfSet();
  }

  /** The files with manifests or indexes of other digests than those at the registries. */
  public List<Path> rebuilt() {
    return rebuilt(EnumSet.complementOf(EnumSet.of(Rebuilt.NOTHING)));
  }

  /** Those of {@link #rebuilt} of which the manifest of each platform is as it was. */
  public List<Path> rebuiltIndexes() {
    return rebuilt(EnumSet.of(Rebuilt.INDEXES));
  }

  private List<Path> rebuilt(Set<Rebuilt> what) {
    return volumes.stream()
        .filter(volume -> what.contains(volume.scan().rebuilt()))
        .map(ArchiveVolume::path)
        .toList();
  }

  /** What was given, in that order. */
  public List<ArchivedFile> files() throws IOException {
    return ArchivedFile.allOf(volumes);
  }

  /** The bytes that folders keep of blobs that are not whole; empty if nothing is unfinished. */
  public OptionalLong unfinishedBytes() throws IOException {
    return ArchiveVolume.unfinishedBytes(volumes);
  }

  /**
   * The archives that were not given and have blobs that those given leave out, as in {@code
   * "rancher.tar" (193fa97cc6d32b36)}.
   */
  public List<String> missingBases() {
    return set.missingBases();
  }

  /** The volumes that were not given, as in {@code volume 2 of 5}. */
  public List<String> missingVolumes() {
    return set.missing();
  }

  /**
   * What the index holds without a full name, as tools write it that were given a bare tag or no
   * name. It can be read by digest; its full name is unknown.
   */
  public List<Descriptor> unnamed() {
    return names.unnamed();
  }

  /**
   * How many images {@code index.json} has lost, or names otherwise than the inventory: of no harm
   * here, but other tools know of no inventory.
   */
  public int indexFaults() {
    return names.indexFaults();
  }

  /**
   * What the archive has, to save a delta on top of it: all its volumes, also those that were not
   * given, and its bases.
   *
   * @throws TransferException if it has none of its own, and one of its manifests can't be read
   */
  public Inventory inventory() throws IOException {
    return set.archives().isEmpty()
        ? new InventoryBuilder(this).inventory()
        : set.archives().getFirst();
  }

  /**
   * Whether the archive says that it has all that was wanted by a save with this key, given all its
   * volumes.
   */
  public boolean isMadeFor(String key) {
    return !set.archives().isEmpty() && set.isMadeFor(key);
  }

  /**
   * Whether an archive that save wrote says that save could not get all that was wanted. A later
   * run of save may have added the rest, in volumes that the finished ones know nothing of.
   */
  public boolean lacksWanted() {
    return set.lacksWanted();
  }

  /**
   * The pinned digest if the archive has it, else what the index says; also for images in volumes
   * that were not given, since a target may show them already.
   */
  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    Optional<Digest> digest = image.digest().or(() -> names.find(image).map(Descriptor::digest));
    boolean listed = digest.isPresent() && names.isAwaited(image, digest.get());
    if (digest.isEmpty() || (!listed && blobs.get(digest.get()) == null)) {
      throw missing(names.describe(image), digest);
    }
    return digest;
  }

  @Override
  public Manifest manifest(Reference image) throws IOException {
    Optional<Descriptor> named = names.find(image);
    Digest digest =
        image
            .digest()
            .or(() -> named.map(Descriptor::digest))
            .orElseThrow(() -> errors.missing(names.describe(image)));
    String mediaType =
        named.filter(n -> n.digest().equals(digest)).map(Descriptor::mediaType).orElse("");
    return manifest(digest, mediaType);
  }

  /**
   * The manifest with this digest, whatever image it belongs to.
   *
   * @param mediaType what refers to it says it is; empty if that is not known
   * @throws TransferException {@link FailureKind#MISSING} if it is not in the archive, {@link
   *     FailureKind#CORRUPT} if its bytes do not have this digest
   */
  public Manifest manifest(Digest digest, String mediaType) throws IOException {
    BlobPlaces.Place place = blobs.get(digest);
    if (place == null) {
      throw set.archives().isEmpty() && !set.isOfSet() && !names.isTop(digest)
          ? errors.missing(
              "manifest "
                  + digest
                  + ": tools that keep the platforms they were told write such archives; name those"
                  + " platforms with "
                  + Setting.PLATFORM)
          : missing("manifest " + digest, Optional.of(digest));
    }
    FileEntry entry = place.entry();
    ArchiveVolume volume = place.volume();
    if (entry.size() > Manifest.LARGEST) {
      throw volume
          .errors()
          .hostile(entry.name(), "is too large for a manifest: " + entry.size() + " bytes");
    }
    Optional<Manifest> known = recent.get(digest, mediaType);
    if (known.isPresent()) {
      return known.get();
    }
    byte[] bytes = volume.files().read(entry);
    if (!digest.ofSameAlgorithm(bytes).equals(digest)) {
      throw volume.errors().damaged(entry.name());
    }
    Manifest manifest = Manifest.parse(bytes, mediaType, digest);
    recent.add(manifest);
    return manifest;
  }

  /** The number of bytes the archive holds under a digest; empty if it has no such blob. */
  public Optional<Long> size(Digest digest) {
    return Optional.ofNullable(blobs.get(digest)).map(place -> place.entry().size());
  }

  /** Whether the archive has the blob with the descriptor's size; all repositories share it. */
  @Override
  public boolean has(Repository repository, Descriptor blob) {
    BlobPlaces.Place place = blobs.get(blob.digest());
    return place != null && place.entry().size() == blob.size();
  }

  /** Which volume or base has a blob that none of the given files has. */
  @Override
  public Optional<ExternalBlob> lacking(Descriptor blob) {
    return blobs.get(blob.digest()) == null ? whereabouts.of(blob.digest()) : Optional.empty();
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    BlobPlaces.Place place = blobs.get(blob.digest());
    if (place == null) {
      throw missing("blob " + blob.digest(), Optional.of(blob.digest()));
    }
    FileEntry entry = place.entry();
    ArchiveErrors errors = place.volume().errors();
    if (entry.size() != blob.size()) {
      throw errors.corrupt(
          "has %d bytes as %s, its manifest says %d: save the image again"
              .formatted(entry.size(), blob.digest(), blob.size()));
    }
    if (offset < 0 || offset > entry.size()) {
      throw new IllegalArgumentException("no byte " + offset + " in " + blob.digest());
    }
    return place.volume().files().open(entry, offset);
  }

  @Override
  public void close() throws IOException {
    ArchiveVolume.closeAll(volumes);
  }

  /** What is read in place of compressed files. */
  public List<UnpackedCopy> copies() {
    return volumes.stream().flatMap(volume -> volume.copy().stream()).toList();
  }

  ImageNames names() {
    return names;
  }

  private TransferException missing(String what, Optional<Digest> digest) {
    Optional<ExternalBlob> elsewhere = digest.flatMap(whereabouts::of);
    return elsewhere
        .map(
            lacking ->
                new TransferException(
                    lacking.expectedAtTarget() ? FailureKind.BASE : FailureKind.VOLUME,
                    what + " is in " + lacking.where() + ": load that too"))
        .orElseGet(() -> errors.missing(what, set.isOfSet() && digest.isPresent()));
  }
}
