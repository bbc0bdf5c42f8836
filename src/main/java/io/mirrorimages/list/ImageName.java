package io.mirrorimages.list;

import io.mirrorimages.image.InvalidContentException;
import java.util.regex.Pattern;

/** Whether a word of something else than a list is the name of an image. */
final class ImageName {
  /** No word that is longer is looked at: it is no name. */
  private static final int LONGEST = 512;

  private static final Pattern VERSION = Pattern.compile("[vV]?[0-9][\\w.-]*|latest");

  private ImageName() {}

  /** Whether {@code text} is what a list takes, perhaps with a digest in a second column. */
  static boolean isGood(String text) {
    try {
      return ListLine.parse(text) instanceof ListLine.ImageLine;
    } catch (InvalidContentException e) {
      return false;
    }
  }

  /** Whether it also has a tag or a digest, so that it is hardly anything else, such as a time. */
  static boolean isTagged(String text) {
    return text.length() <= LONGEST
        && ListLine.TAGGED.matcher(text).find()
        && !Grammar.DIGEST.matcher(text).matches()
        && text.chars().anyMatch(Character::isLetter)
        && isGood(text);
  }

  /** Whether it also has a repository with a slash. */
  static boolean isFull(String text) {
    return isTagged(text) && text.indexOf('/') > 0;
  }

  /** The last component of its path, without tag and digest. */
  static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1).replaceFirst("[:@].*", "");
  }

  /** Whether it is a tag, as a table has it in a column of its own. */
  static boolean isVersion(String text) {
    return VERSION.matcher(text).matches();
  }
}
