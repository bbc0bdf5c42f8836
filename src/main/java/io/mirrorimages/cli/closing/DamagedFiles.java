package io.mirrorimages.cli.closing;

import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ImageResult;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of an archive in which a run found damage, among several: those that hold a blob that a
 * failed image names.
 */
final class DamagedFiles {
  private static final Pattern DIGEST =
      Pattern.compile("sha256[:/][0-9a-f]{64}|sha512[:/][0-9a-f]{128}");

  private DamagedFiles() {}

  /**
   * The names of the damaged files as words of a command line.
   *
   * @param files the archive's files; of one alone nothing is to be told
   * @return empty if it can't be told which ones they are
   */
  static List<String> among(List<ArchivedFile> files, List<ImageResult> images) {
    if (files.size() < 2) {
      return List.of();
    }
    Set<Digest> named =
        images.stream()
            .filter(image -> image.reason().filter(FailureKind.CORRUPT::equals).isPresent())
            .map(ImageResult::message)
            // Only the blob itself: the digest that its bytes have is of no file.
            .flatMap(message -> DIGEST.matcher(message).results())
            .map(digest -> Digest.parse(digest.group().replace('/', ':')))
            .collect(Collectors.toSet());
    return files.stream()
        .filter(file -> named.stream().anyMatch(file.blobs()::contains))
        .map(file -> CommandText.file(file.path()))
        .toList();
  }
}
