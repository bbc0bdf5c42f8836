package io.mirrorimages.job.inspect;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.UnsupportedManifestException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The signatures, attestations and alike of an archive, by what they belong to: they name it as
 * their subject (OCI image-spec, manifest.md), or are called after it, as cosign does and as the
 * referrers tag schema has it.
 */
public final class Referrers {
  private static final Pattern TAG = Pattern.compile("(sha256|sha512)-([0-9a-f]{64,128})(\\..+)?");

  /** By digest, each descriptor once. */
  private final Map<Digest, Map<Digest, Descriptor>> bySubject = new HashMap<>();

  private Referrers() {}

  /** Reads the manifest or index of each image; one that can't be read is none. */
  public static Referrers of(ArchiveReader archive) throws IOException {
    Referrers referrers = new Referrers();
    for (ArchivedImage image : archive.images()) {
      image
          .name()
          .tag()
          .flatMap(Referrers::named)
          .ifPresent(subject -> referrers.add(subject, image.descriptor()));
      referrers.read(archive, image.descriptor());
    }
    for (Descriptor unnamed : archive.unnamed()) {
      referrers.read(archive, unnamed);
    }
    return referrers;
  }

  private void read(ArchiveReader archive, Descriptor entry) throws IOException {
    try {
      archive
          .manifest(entry.digest(), entry.mediaType())
          .subject()
          .ifPresent(subject -> add(subject.digest(), entry));
    } catch (TransferException | InvalidContentException | UnsupportedManifestException e) {
      // The image that it is says so itself.
    }
  }

  private void add(Digest subject, Descriptor referrer) {
    bySubject
        .computeIfAbsent(subject, digest -> new LinkedHashMap<>())
        .putIfAbsent(referrer.digest(), referrer);
  }

  private static Optional<Digest> named(String tag) {
    Matcher matcher = TAG.matcher(tag);
    try {
      return matcher.matches()
          ? Optional.of(new Digest(matcher.group(1), matcher.group(2)))
          : Optional.empty();
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }

  /** Those of {@code subject}, in the order of the archive. */
  public List<Descriptor> of(Digest subject) {
    return List.copyOf(bySubject.getOrDefault(subject, Map.of()).values());
  }
}
