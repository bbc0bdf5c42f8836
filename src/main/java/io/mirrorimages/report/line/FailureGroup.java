package io.mirrorimages.report.line;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.report.FamiliarName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Failed images whose failures are equal, but for names, digests, times and sizes. Not thread-safe.
 */
final class FailureGroup {
  private static final int NAMED = 3;
  private static final String IMAGE = "IMAGE";

  /** A mirror has the repository under its own host, perhaps below a path. */
  private static final String BEFORE = "(?<![\\w./:-])(?:https?://)?(?:[\\w.:\\[\\]-]+/)*";

  private static final String AFTER = "(?![\\w-])(?::\\w[\\w.-]*\\w|:\\w)?(?:@sha256:[0-9a-f]+)?";

  private static final Pattern REQUEST = Pattern.compile(" ?\\(request [^)]*\\)");

  /** Names that an archive has in place of the wanted one. */
  private static final Pattern NEAR = Pattern.compile(": it has \\S+:\\S+(?:, \\S+)*$");

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]+");

  private static final Pattern AMOUNT =
      Pattern.compile("(?<![\\w.:])\\d+(\\.\\d+)? (ms|s|min|h|bytes?|B|kB|MB|GB)\\b");

  /**
   * What makes failures equal.
   *
   * @param reason the kind
   * @param message the message without what differs
   */
  record Key(FailureKind reason, String message) {
    /** Whether a registry or archive lacks the images themselves, not a part of them. */
    boolean isOfAbsentImages() {
      return reason == FailureKind.MISSING && message.endsWith(" does not have " + IMAGE);
    }

    /** That of a failed image. Which content is damaged is no detail. */
    static Key of(ImageResult result) {
      FailureKind reason = result.reason().orElse(FailureKind.PROGRAM);
      String message = AMOUNT.matcher(nameless(result)).replaceAll("… $2");
      return new Key(
          reason,
          reason == FailureKind.CORRUPT ? message : DIGEST.matcher(message).replaceAll("sha256:…"));
    }
  }

  private final List<String> first = new ArrayList<>();
  private final Set<String> messages = new HashSet<>();
  private int size;

  /** Adds an image; returns whether it has a line of its own, as the first three have. */
  boolean add(ImageResult result) {
    size++;
    if (messages.size() < 2) {
      messages.add(nameless(result));
    }
    if (size > NAMED) {
      return false;
    }
    first.add(FamiliarName.of(result.request().source()));
    return true;
  }

  /** The whole group in one line; empty if each image of it had its own. */
  Optional<String> line(Key key) {
    if (size <= NAMED) {
      return Optional.empty();
    }
    return Optional.of(
        "%d images failed with the same: %s and %d more: %s: %s"
            .formatted(
                size,
                String.join(", ", first),
                size - first.size(),
                key.reason().label(),
                Text.line(
                    (messages.size() == 1 ? messages.iterator().next() : key.message())
                        + (key.isOfAbsentImages() ? "; check these names" : ""))));
  }

  private static String nameless(ImageResult result) {
    String message = REQUEST.matcher(result.message()).replaceAll("");
    message = NEAR.matcher(message).replaceAll(", but others of nearly that name");
    for (String name : names(result)) {
      message =
          Pattern.compile(BEFORE + Pattern.quote(name) + AFTER).matcher(message).replaceAll(IMAGE);
    }
    return message;
  }

  /** Paths of repositories, the longest first, since they contain each other. */
  private static List<String> names(ImageResult result) {
    return Stream.of(result.request().source(), result.request().target())
        .map(name -> name.repository().path())
        .flatMap(path -> Stream.of(path, path.replaceFirst("^library/", "")))
        .distinct()
        .sorted((a, b) -> Integer.compare(b.length(), a.length()))
        .toList();
  }
}
