package io.mirrorimages.list;

import io.mirrorimages.image.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a file given as a list really is, told from its first bytes, and how lines are shown. */
final class ListForm {
  /** So much of a file shows what it is: more than a tar's header and a few lines. */
  private static final int BEGINNING = 8 * 1024;

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

  /** As much of it as is the same in every answer. */
  private static final Pattern ANSWER =
      Pattern.compile(
          "(?i)(?:http/[0-9.]{1,3} )?(?:error:? *)?(?:[45]\\d\\d:? )?"
              + "(?:(?:page |file |resource )?not found|forbidden|access denied|unauthorized"
              + "|bad (?:gateway|request)|too many requests|internal server error"
              + "|service unavailable|gateway time-?out|moved permanently"
              + "|no such (?:file|key|bucket))?");

  /** Other files of text by their lines. Their contents may be secret: none of it is shown. */
  private static final Map<Pattern, String> LINES =
      Map.of(
          Pattern.compile("-----BEGIN "), "a key or a certificate (PEM)",
          Pattern.compile(
                  "(?m)^[ \\t]*+(?:machine\\s++\\S++|default)\\s++(?:login|password|account)\\s"),
              "a file of logins (netrc)",
          Pattern.compile("(?m)^(?:kind: *Config|clusters:|current-context:.*)[ \\t\\r]*$"),
              "a kubeconfig",
          Pattern.compile("(?m)^(?:mirrors|configs):[ \\t\\r]*$"), "a registries.yaml");

  /** Keys of YAML whose values are secrets; empty values are those of a chart. */
  private static final Pattern CREDENTIALS =
      Pattern.compile(
          "(?im)^[ \\t-]*[\"']?(?:[\\w.-]*(?:token|passw(?:or)?d|secret|client-key-data"
              + "|private_?key|access_?key|api_?key)|auth|client-certificate-data)[\"']?:[ \\t]+"
              + "(?!\"\"|''|null|[{\\[|>#])\\S");

  /** The first line of a file of variables. */
  private static final Pattern VARIABLE =
      Pattern.compile("(?:export\\s+)?[A-Za-z_][A-Za-z0-9_]*\\s*=.*");

  private ListForm() {}

  /** Why this can't be a list, if its beginning shows that; the stream is left where it was. */
  static Optional<String> stranger(BufferedInputStream in) throws IOException {
    in.mark(BEGINNING);
    byte[] start = in.readNBytes(BEGINNING);
    in.reset();
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("ustar", TAR_MAGIC)) {
      return Optional.of(
          "is a tar archive, not an image list: the names of the images in it are printed by list");
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
    String trimmed = text.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    String first = firstLine(trimmed);
    if (trimmed.startsWith("<")) {
      return Optional.of(
          "is a web page or other XML, not an image list: was it downloaded without an error?");
    }
    if (trimmed.startsWith("{") || trimmed.matches("(?s)\\[\\s*[\\[{\"\\]].*")) {
      return Optional.of(JsonForm.describe(trimmed));
    }
    if (ERROR_TEXT.matcher(first).matches()) {
      return Optional.of(
          "is what a server said instead of a file ("
              + Text.quote(answer(first))
              + "), not an image list: download it again, with curl -f");
    }
    return text(trimmed, first);
  }

  /** The beginning of an answer that is in words known. */
  private static String answer(String first) {
    Matcher known = ANSWER.matcher(first);
    boolean found = known.lookingAt();
    return !found ? "..." : known.end() == first.length() ? first : known.group() + "...";
  }

  private static Optional<String> text(String text, String first) {
    for (Map.Entry<Pattern, String> form : LINES.entrySet()) {
      if (form.getKey().matcher(text).find()) {
        return Optional.of("is " + form.getValue() + ", not an image list");
      }
    }
    if (CREDENTIALS.matcher(text).find()) {
      return Optional.of("is not an image list: it has keys of a credential file");
    }
    if (first.startsWith("#!")) {
      return Optional.of(
          "is a script, not an image list"
              + (text.contains(" pull ")
                  ? ": give the names that it pulls (awk '/ pull /{print $NF}')"
                  : ""));
    }
    if (VARIABLE.matcher(first).matches() && ColumnAdvice.ofMarks(first).isEmpty()) {
      return Optional.of("is a file of variables (NAME=VALUE), not an image list");
    }
    return text.indexOf('\r') >= 0 && !text.contains("\n") && !text.strip().equals(first)
        ? Optional.of("has line ends of CR alone: make them LF (tr '\\r' '\\n')")
        : Optional.empty();
  }

  /** The first line that is not blank and no comment but that of a script. */
  private static String firstLine(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && (!line.startsWith("#") || line.startsWith("#!")))
        .findFirst()
        .orElse("");
  }
}
