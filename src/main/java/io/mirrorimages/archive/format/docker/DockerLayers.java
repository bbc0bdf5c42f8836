package io.mirrorimages.archive.format.docker;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.FileKind;
import io.mirrorimages.archive.format.source.RegionInputStream;
import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layers of a docker archive, under the digests that they are said to have. A layer that is a
 * plain tar has its diff id as digest, so the config says it; a compressed one is named by its
 * digest (crane); only else it has to be read. All are hashed when they are used, as any blob. Not
 * thread-safe.
 */
final class DockerLayers {
  private static final Pattern NAMED_BY_DIGEST =
      Pattern.compile("(?:.*/)?(?:sha256:)?([0-9a-f]{64})(?:\\.(?:tar|tar\\.gz|json))?");
  private static final int MAGIC = 6;
  private static final int BUFFER = 128 * 1024;

  private final ArchiveSource source;
  private final Map<Digest, FileEntry> files = new LinkedHashMap<>();
  private final Map<FileEntry, Digest> hashes = new HashMap<>();
  private final Map<FileEntry, String> types = new HashMap<>();
  private final Set<Digest> proven = new HashSet<>();

  /** What configs say that compressed layers are when they are decompressed. */
  private final Map<Digest, Set<Digest>> diffIds = new HashMap<>();

  private final Map<Digest, Optional<Digest>> plain = new HashMap<>();

  DockerLayers(ArchiveSource source) {
    this.source = source;
  }

  /** The digest that the name of a file says its content has; empty if it says none. */
  static Optional<Digest> named(String name) {
    Matcher matcher = NAMED_BY_DIGEST.matcher(name);
    return matcher.matches()
        ? Optional.of(new Digest("sha256", matcher.group(1)))
        : Optional.empty();
  }

  /**
   * Takes a layer; {@link #descriptor} has it then.
   *
   * @param diffId the digest of the layer as a plain tar, as the config says
   * @return its digest
   */
  Digest add(FileEntry layer, Digest diffId) throws IOException {
    Digest digest = digest(layer, diffId);
    if (!type(layer).equals(MediaTypes.OCI_LAYER)) {
      diffIds.computeIfAbsent(digest, key -> new HashSet<>()).add(diffId);
    }
    FileEntry first = files.putIfAbsent(digest, layer);
    // Two files that are said to be the same: one image's claim must not spoil another image.
    if (first != null
        && first.data() != layer.data()
        && proven.add(digest)
        && !hash(first).equals(digest)
        && hash(layer).equals(digest)) {
      files.put(digest, layer);
    }
    return digest;
  }

  /**
   * The digest of a layer in an image, after all were {@linkplain #add added}. If configs
   * contradict each other in what a layer is decompressed, those that are wrong get what no content
   * has, so that only their images are damaged.
   *
   * @param digest what {@link #add} gave
   * @param diffId what the image's config says
   */
  Digest settled(Digest digest, Digest diffId) throws IOException {
    if (diffIds.getOrDefault(digest, Set.of()).size() < 2
        || plain(digest).filter(diffId::equals).isPresent()) {
      return digest;
    }
    files.putIfAbsent(diffId, file(digest));
    return diffId;
  }

  /** What was added, and where it is. */
  Map<Digest, StoredContent> contents() throws IOException {
    Map<Digest, StoredContent> contents = new LinkedHashMap<>();
    for (Map.Entry<Digest, FileEntry> file : files.entrySet()) {
      contents.put(file.getKey(), content(file.getKey(), file.getValue()));
    }
    return contents;
  }

  private StoredContent content(Digest digest, FileEntry layer) throws IOException {
    StoredContent stored = StoredContent.of(source.file(), layer, source.errors());
    Set<Digest> said = diffIds.getOrDefault(digest, Set.of());
    Optional<Digest> expected = said.size() > 1 ? plain(digest) : said.stream().findAny();
    return expected.isEmpty()
        ? stored
        : new CheckedLayer(
            stored, digest, expected.get(), () -> plainDigest(layer), source.errors());
  }

  /** What a layer is decompressed; empty if it can't be. */
  private Optional<Digest> plain(Digest digest) throws IOException {
    Optional<Digest> known = plain.get(digest);
    if (known == null) {
      try {
        known = Optional.of(plainDigest(file(digest)));
      } catch (InterruptedIOException | TransferException e) {
        throw e;
      } catch (IOException e) {
        known = Optional.empty();
      }
      plain.put(digest, known);
    }
    return known;
  }

  private Digest plainDigest(FileEntry layer) throws IOException {
    try (InputStream in =
        Unpacker.decompressed(source.file(), layer.data(), bytes(layer), source.workFolder())) {
      return digestOf(in);
    }
  }

  private FileEntry file(Digest digest) {
    FileEntry layer = files.get(digest);
    if (layer == null) {
      throw new IllegalArgumentException("no layer " + digest);
    }
    return layer;
  }

  Descriptor descriptor(Digest digest) throws IOException {
    FileEntry layer = file(digest);
    return new Descriptor(type(layer), digest, layer.size());
  }

  private Digest digest(FileEntry layer, Digest diffId) throws IOException {
    if (type(layer).equals(MediaTypes.OCI_LAYER)) {
      return diffId;
    }
    Optional<Digest> named = named(layer.name()).filter(name -> !name.equals(diffId));
    return named.isPresent() ? named.get() : hash(layer);
  }

  private String type(FileEntry layer) throws IOException {
    String known = types.get(layer);
    if (known == null) {
      int length = (int) Math.min(MAGIC, layer.size());
      FileKind kind = FileKind.of(source.file().readFully(layer.data(), length));
      known =
          switch (kind) {
            case GZIP -> MediaTypes.OCI_LAYER_GZIP;
            case ZSTD -> MediaTypes.OCI_LAYER_ZSTD;
            case OTHER -> MediaTypes.OCI_LAYER;
            default ->
                throw new InvalidContentException(
                    "its layer "
                        + Text.quote(layer.name())
                        + " is compressed with "
                        + kind.title()
                        + ", which registries have no type for");
          };
      types.put(layer, known);
    }
    return known;
  }

  private Digest hash(FileEntry layer) throws IOException {
    Digest known = hashes.get(layer);
    if (known == null) {
      try (InputStream in = bytes(layer)) {
        known = digestOf(in);
      }
      hashes.put(layer, known);
    }
    return known;
  }

  private InputStream bytes(FileEntry layer) {
    return new RegionInputStream(source.file(), layer, 0, source.errors());
  }

  private static Digest digestOf(InputStream in) throws IOException {
    MessageDigest hasher = Digest.sha256(new byte[0]).newHasher();
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      hasher.update(buffer, 0, n);
    }
    return new Digest("sha256", HexFormat.of().formatHex(hasher.digest()));
  }
}
