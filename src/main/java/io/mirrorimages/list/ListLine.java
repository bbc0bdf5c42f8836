package io.mirrorimages.list;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a single line says. */
sealed interface ListLine {
  /** A tag is behind the last slash, a digest anywhere. */
  Pattern TAGGED = Pattern.compile("@|:[^/]*$");

  /** A user alone with what is no version. */
  Pattern LOGIN =
      Pattern.compile(
          "(?i)(?:admin|administrator|root|user|username|login|passwd|password|secret|token):"
              + "(?!v?[0-9]+(?:\\.[0-9]+)*(?:[-_.][\\w.-]*)?$|latest$|stable$|edge$|main$|master$|dev$)"
              + "[^/@]+");

  /** Nothing: the line is blank or a comment. */
  record BlankLine() implements ListLine {}

  /** It names an image, maybe with neither tag nor digest. */
  record ImageLine(Reference reference, boolean untagged) implements ListLine {}

  /** It has several columns, and is not a name with a digest in the second. */
  record Table() implements ListLine {}

  /** Parses a line without its end; {@link InvalidContentException} if it is malformed. */
  static ListLine parse(String line) {
    String[] columns = Grammar.BLANKS.matcher(content(line)).replaceAll(" ").strip().split(" ");
    if (columns[0].isEmpty()) {
      return new BlankLine();
    }
    if (columns.length == 1) {
      refuseLogin(columns[0]);
      return new ImageLine(Reference.parse(columns[0]), !TAGGED.matcher(columns[0]).find());
    }
    if (columns.length > 2 || !Grammar.DIGEST.matcher(columns[1]).matches()) {
      return new Table();
    }
    return new ImageLine(pin(Reference.parse(columns[0]), Digest.parse(columns[1])), false);
  }

  /**
   * A user and a password have the form of an image on Docker Hub, which would be asked for it, and
   * which every message would show.
   */
  private static void refuseLogin(String name) {
    if (LOGIN.matcher(name).matches()) {
      throw new InvalidContentException(
          "this seems to be a login, and is not shown: an image of this name is written with its"
              + " registry (docker.io/library/...)");
    }
  }

  /** The line without its comment. */
  static String content(String line) {
    return Grammar.COMMENT.matcher(line).replaceFirst("");
  }

  private static Reference pin(Reference reference, Digest digest) {
    if (reference.digest().isPresent() && !reference.digest().get().equals(digest)) {
      throw new InvalidContentException(
          "the name has another digest than the second column, " + Text.quote(digest.toString()));
    }
    return new Reference(reference.repository(), reference.tag(), Optional.of(digest));
  }
}
