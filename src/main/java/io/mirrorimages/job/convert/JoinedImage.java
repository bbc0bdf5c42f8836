package io.mirrorimages.job.convert;

import io.mirrorimages.archive.layout.JoinedIndex;
import io.mirrorimages.archive.read.AmbiguousName;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.ImageConfig;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.UnsupportedManifestException;
import io.mirrorimages.mirror.stream.VerifyingStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An image whose platforms are in several archives.
 *
 * @param name which
 * @param index its index, of all entries that the archives have for it
 */
record JoinedImage(AmbiguousName name, Manifest index) {
  /** An index that more entries are put into, or a manifest. */
  private record JoinedPart(
      AmbiguousName.NameClaim claim, Manifest top, List<PlatformEntry> entries) {}

  /**
   * An entry of the index.
   *
   * @param text byte for byte
   * @param platform empty for what runs on none, as an attestation
   */
  private record PlatformEntry(Descriptor descriptor, byte[] text, Optional<Platform> platform) {}

  /**
   * Joins them, and reads manifests and configs for that.
   *
   * @throws TransferException {@link FailureKind#OPTION} if two of them differ in one platform, or
   *     one has no platform
   */
  static JoinedImage of(AmbiguousName name, ArchiveReader archive) throws IOException {
    List<JoinedPart> parts = new ArrayList<>();
    try {
      for (AmbiguousName.NameClaim claim : name.claims()) {
        parts.add(part(claim, archive));
      }
    } catch (InvalidContentException | UnsupportedManifestException e) {
      throw refused(name.name() + " can't be joined: " + e.getMessage());
    }
    check(name, parts);
    return new JoinedImage(name, index(parts));
  }

  /** The digest that the name has in the first archive. */
  Digest first() {
    return name.claims().getFirst().image().descriptor().digest();
  }

  /** Whether no archive has this index. */
  boolean isNew() {
    return name.claims().stream()
        .noneMatch(claim -> claim.image().descriptor().digest().equals(index.digest()));
  }

  /** What it is made of, in words. */
  String origin() {
    return name.claims().stream()
        .map(claim -> claim.image().descriptor().digest() + " in " + claim.file())
        .collect(
            Collectors.joining(
                " and ", "its index " + index.digest() + " is new, joined from ", ""));
  }

  private static JoinedPart part(AmbiguousName.NameClaim claim, ArchiveReader archive)
      throws IOException {
    Descriptor descriptor = claim.image().descriptor();
    Repository repository = claim.image().name().repository();
    Manifest top = archive.manifest(descriptor.digest(), descriptor.mediaType());
    List<PlatformEntry> entries = new ArrayList<>();
    if (top.isIndex()) {
      List<byte[]> texts = JoinedIndex.entries(top);
      if (texts.size() != top.children().size()) {
        throw refused(
            "the index of %s in %s has more than manifests, so it can't be joined: give one of its archives"
                .formatted(claim.image().name(), claim.file()));
      }
      for (int i = 0; i < texts.size(); i++) {
        Descriptor entry = top.children().get(i);
        entries.add(new PlatformEntry(entry, texts.get(i), platform(entry, repository, archive)));
      }
    } else {
      Optional<Platform> platform = platform(top, repository, archive);
      if (platform.isEmpty()) {
        throw refused(
            "%s has no platform in %s, so it can't be joined: give one of its archives"
                .formatted(claim.image().name(), claim.file()));
      }
      Descriptor entry = top.descriptor();
      entries.add(new PlatformEntry(entry, JoinedIndex.entry(entry, platform.get()), platform));
    }
    return new JoinedPart(claim, top, entries);
  }

  private static Optional<Platform> platform(
      Descriptor entry, Repository repository, ArchiveReader archive) throws IOException {
    boolean attestation =
        entry.attested().isPresent()
            || entry.platform().filter(p -> p.os().equals("unknown")).isPresent();
    if (attestation) {
      return Optional.empty();
    }
    boolean told = entry.platform().isPresent() || MediaTypes.isIndex(entry.mediaType());
    return told || archive.size(entry.digest()).isEmpty()
        ? entry.platform()
        : platform(archive.manifest(entry.digest(), entry.mediaType()), repository, archive);
  }

  private static Optional<Platform> platform(
      Manifest manifest, Repository repository, ArchiveReader archive) throws IOException {
    Optional<Descriptor> config =
        manifest.config().filter(c -> MediaTypes.isImageConfig(c.mediaType()));
    if (config.isEmpty() || config.get().size() > Manifest.LARGEST) {
      return Optional.empty();
    }
    try (VerifyingStream in =
        new VerifyingStream(archive.open(repository, config.get(), 0), config.get())) {
      return Optional.of(ImageConfig.platform(in.readAllBytes()));
    }
  }

  /** Two manifests of one platform: only one of them would ever run. */
  private static void check(AmbiguousName name, List<JoinedPart> parts) throws TransferException {
    Map<Platform, Digest> digests = new LinkedHashMap<>();
    Map<Platform, Path> files = new LinkedHashMap<>();
    for (JoinedPart part : parts) {
      for (PlatformEntry entry : part.entries) {
        if (entry.platform.isPresent()) {
          Platform platform = entry.platform.get();
          Digest digest = entry.descriptor.digest();
          Digest other = digests.putIfAbsent(platform, digest);
          Path file = files.putIfAbsent(platform, part.claim.file());
          if (other != null && !other.equals(digest) && !part.claim.file().equals(file)) {
            throw refused(
                "%s for %s is %s in %s and %s in %s: give one of these archives"
                    .formatted(name.name(), platform, other, file, digest, part.claim.file()));
          }
        }
      }
    }
  }

  /** The first index with the entries that it lacks, if its type has room for these. */
  private static Manifest index(List<JoinedPart> parts) {
    Optional<JoinedPart> base = parts.stream().filter(part -> part.top.isIndex()).findFirst();
    Map<Digest, PlatformEntry> all = new LinkedHashMap<>();
    base.ifPresent(part -> part.entries.forEach(e -> all.putIfAbsent(e.descriptor.digest(), e)));
    int own = all.size();
    for (JoinedPart part : parts) {
      part.entries.forEach(entry -> all.putIfAbsent(entry.descriptor.digest(), entry));
    }
    List<PlatformEntry> added = all.values().stream().skip(own).toList();
    if (base.isPresent()
        && (base.get().top.mediaType().equals(MediaTypes.OCI_INDEX)
            || added.stream()
                .allMatch(e -> e.descriptor.mediaType().equals(MediaTypes.DOCKER_MANIFEST)))) {
      return added.isEmpty()
          ? base.get().top
          : JoinedIndex.extended(base.get().top, added.stream().map(PlatformEntry::text).toList());
    }
    return JoinedIndex.of(all.values().stream().map(PlatformEntry::text).toList());
  }

  private static TransferException refused(String problem) {
    return new TransferException(FailureKind.OPTION, problem);
  }
}
