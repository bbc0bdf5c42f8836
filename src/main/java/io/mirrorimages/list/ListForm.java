package io.mirrorimages.list;

import io.mirrorimages.image.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a file given as a list really is, told from its first bytes, and how lines are shown. */
final class ListForm {
  private static final int EXCERPT = 80;
  private static final int BLOCK = 512;
  private static final int TAR_MAGIC = 257;

  private static final String UTF_16 =
      "is UTF-16 text: save it as UTF-8 (iconv -f UTF-16 -t UTF-8)";

  /** By their first bytes. */
  private static final Map<String, String> MAGIC =
      Map.ofEntries(
          Map.entry("\u001f\u008b", "a compressed file, not an image list: unpack it (gzip -d)"),
          Map.entry("(\u00b5/\u00fd", "a compressed file, not an image list (zstd -d)"),
          Map.entry("\u00fd7zXZ", "a compressed file, not an image list: unpack it (xz -d)"),
          Map.entry("BZh", "a compressed file, not an image list: unpack it (bzip2 -d)"),
          Map.entry("PK\u0003\u0004", "a zip file or an office document, not an image list"),
          Map.entry("\u00d0\u00cf\u0011\u00e0", "an office document, not an image list"),
          Map.entry("%PDF", "a PDF, not an image list"),
          Map.entry(
              "version https://git-lfs", "a pointer of Git LFS: get the file with git lfs pull"),
          Map.entry("\u00ff\u00fe", UTF_16.substring(3)),
          Map.entry("\u00fe\u00ff", UTF_16.substring(3)));

  /** What servers answer where there is no such file, as a first line. */
  private static final Pattern ERROR_TEXT =
      Pattern.compile(
          "(?i)(?:http/\\S+ )?(?:error:? *)?(?:[45]\\d\\d:? [a-z].*"
              + "|(?:page |file |resource )?not found\\b.*|forbidden\\b.*|access denied\\b.*"
              + "|unauthorized\\b.*|bad (?:gateway|request)\\b.*|too many requests\\b.*"
              + "|(?:internal server error|service unavailable|gateway time-?out)\\b.*"
              + "|moved permanently\\b.*|no such (?:file|key|bucket)\\b.*)");

  private static final Pattern USER = Pattern.compile("//[^/@\\s]*@");

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
    for (Map.Entry<String, String> form : MAGIC.entrySet()) {
      if (text.startsWith(form.getKey())) {
        return Optional.of("is " + form.getValue());
      }
    }
    if ((text.length() > 3 && text.charAt(2) != 0 && text.charAt(1) == 0 && text.charAt(3) == 0)
        || (text.length() > 3
            && text.charAt(1) != 0
            && text.charAt(0) == 0
            && text.charAt(2) == 0)) {
      return Optional.of(UTF_16);
    }
    // Whose contents may be secret: no line of it is shown.
    if (text.contains("-----BEGIN ")) {
      return Optional.of("is a key or a certificate (PEM), not an image list");
    }
    String trimmed = text.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    String first = trimmed.lines().findFirst().orElse("").strip();
    if (trimmed.startsWith("<")) {
      return Optional.of(
          "is a web page or other XML, not an image list: was it downloaded without an error?");
    }
    if (trimmed.startsWith("{") || trimmed.matches("(?s)\\[\\s*[\\[{\"\\]].*")) {
      return Optional.of(
          "is JSON, not an image list: give its names, one a line (of an array: jq -r '.[]')");
    }
    if (ERROR_TEXT.matcher(first).matches()) {
      return Optional.of(
          "is what a server said instead of a file ("
              + excerpt(first)
              + "), not an image list: download it again, with curl -f");
    }
    return Optional.empty();
  }

  /** A line for a message: quoted, and shortened. */
  static String excerpt(String line) {
    String text = USER.matcher(line.strip()).replaceAll("//...@");
    return text.codePointCount(0, text.length()) <= EXCERPT
        ? Text.quote(text)
        : Text.quote(text.substring(0, text.offsetByCodePoints(0, EXCERPT)) + "...");
  }
}
