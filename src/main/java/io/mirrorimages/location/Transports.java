package io.mirrorimages.location;

import io.mirrorimages.failure.Setting;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The table of transports: what the name of a place can begin with, as skopeo has it. */
final class Transports {
  static final String ARCHIVE = "oci-archive:";
  static final String FOLDER = "oci:";

  private static final Map<String, Function<Path, ImageLocation.Local>> KNOWN =
      Map.of(
          ARCHIVE, ImageLocation.OciArchive::new,
          FOLDER, ImageLocation.OciLayout::new);

  /** Those of other tools, which users may try. */
  private static final List<String> FOREIGN =
      List.of(
          "docker://",
          "docker-archive:",
          "docker-daemon:",
          "containers-storage:",
          "dir:",
          "ocidir:",
          "s3://");

  /** So {@code oci:5000} is a host of that name with its port. */
  private static final Pattern HOST_WITH_PORT =
      Pattern.compile("[^:/]+:\\d{1,5}(/.*)?", Pattern.DOTALL);

  private Transports() {}

  static boolean isHostWithPort(String text) {
    return HOST_WITH_PORT.matcher(text).matches();
  }

  /**
   * The place that {@code text} names by a transport; empty if it begins with none.
   *
   * @param known what to give instead of a transport that only other tools have
   */
  static Optional<ImageLocation.Local> local(String text, String known) {
    for (String transport : FOREIGN) {
      if (text.startsWith(transport)) {
        throw new IllegalArgumentException(transport + " is not supported here: give " + known);
      }
    }
    for (String transport : KNOWN.keySet()) {
      if (text.startsWith(transport)) {
        String value = text.substring(transport.length());
        if (value.isEmpty()) {
          throw new IllegalArgumentException(transport + " lacks the path behind it");
        }
        if (value.indexOf(':') >= 0) {
          throw new IllegalArgumentException(
              text
                  + " has a colon in its path: name the whole "
                  + (transport.equals(FOLDER) ? "folder" : "file")
                  + "; "
                  + Setting.LIST
                  + " chooses images of it");
        }
        return Optional.of(KNOWN.get(transport).apply(path(value)));
      }
    }
    return Optional.empty();
  }

  static Path path(String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("not a path: " + e.getReason(), e);
    }
  }
}
