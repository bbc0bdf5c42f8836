package io.mirrorimages.list;

import io.mirrorimages.image.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What a file given as a list really is, told from its first bytes, and how lines are shown. */
final class ListForm {
  private static final int EXCERPT = 80;
  private static final int BLOCK = 512;
  private static final int TAR_MAGIC = 257;

  private ListForm() {}

  /** Why this can't be a list, if its beginning shows that; the stream is left where it was. */
  static Optional<String> stranger(BufferedInputStream in) throws IOException {
    in.mark(BLOCK);
    byte[] start = in.readNBytes(BLOCK);
    in.reset();
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("ustar", TAR_MAGIC)) {
      return Optional.of("is a tar archive, not an image list");
    }
    if (text.startsWith("\u001f\u008b") || text.startsWith("\u0028\u00b5\u002f\u00fd")) {
      return Optional.of("is a compressed file, not an image list");
    }
    if (text.startsWith("\u00ff\u00fe") || text.startsWith("\u00fe\u00ff")) {
      return Optional.of("is UTF-16 text: save it as UTF-8");
    }
    String trimmed = text.stripLeading().toLowerCase(Locale.ROOT);
    if (trimmed.startsWith("<!doctype") || trimmed.startsWith("<html")) {
      return Optional.of("is a web page, not an image list: was it downloaded without an error?");
    }
    return Optional.empty();
  }

  /** A line for a message: quoted, and shortened. */
  static String excerpt(String line) {
    String text = line.strip();
    return text.codePointCount(0, text.length()) <= EXCERPT
        ? Text.quote(text)
        : Text.quote(text.substring(0, text.offsetByCodePoints(0, EXCERPT)) + "...");
  }
}
