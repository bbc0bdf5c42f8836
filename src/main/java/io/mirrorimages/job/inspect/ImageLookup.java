package io.mirrorimages.job.inspect;

import io.mirrorimages.archive.layout.NearNames;
import io.mirrorimages.archive.read.Inspection;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import java.util.List;
import java.util.Optional;

/** Finds the image that a user means by a name that may be shorter than the archive's. */
public final class ImageLookup {
  private static final int MOST_NAMED = 5;

  private ImageLookup() {}

  /**
   * The image of this name or digest; else the only one whose name ends with it, behind a slash, or
   * begins with it, before a tag.
   *
   * @param archive what the user calls the archive
   * @throws TransferException {@link FailureKind#OPTION} if there is none, or more than one
   */
  public static Inspection.Item find(Inspection inspection, String name, String archive)
      throws TransferException {
    Optional<String> full = fullName(name);
    List<Inspection.Item> found =
        inspection.images().stream()
            .filter(
                item ->
                    full.filter(item.image().name().toString()::equals).isPresent()
                        || item.image().descriptor().digest().toString().equals(name))
            .toList();
    if (found.isEmpty()) {
      found =
          inspection.images().stream()
              .filter(item -> isShort(item.image().name().toString(), name))
              .toList();
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new TransferException(
        FailureKind.OPTION,
        found.isEmpty()
            ? archive + " has no image " + Text.quote(name) + near(inspection, name)
            : Text.quote(name)
                + " is more than one image of "
                + archive
                + ": "
                + listed(names(found)));
  }

  private static Optional<String> fullName(String name) {
    try {
      return Optional.of(Reference.parse(name).toString());
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }

  private static boolean isShort(String full, String name) {
    String behind = "/" + full;
    return behind.endsWith("/" + name) || behind.contains("/" + name + ":");
  }

  private static String near(Inspection inspection, String name) {
    List<Reference> near = NearNames.containing(name, names(inspection.images()));
    return near.isEmpty() ? ": list shows what it has" : ": it has " + listed(near);
  }

  private static List<Reference> names(List<Inspection.Item> items) {
    return items.stream().map(item -> item.image().name()).toList();
  }

  private static String listed(List<Reference> names) {
    return String.join(", ", names.stream().limit(MOST_NAMED).map(Reference::toString).toList())
        + (names.size() > MOST_NAMED ? ", ..." : "");
  }
}
