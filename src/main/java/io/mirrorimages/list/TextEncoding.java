package io.mirrorimages.list;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/** What a line that is not UTF-8 may be instead. */
final class TextEncoding {
  private static final String GB18030 = "GB18030";

  private TextEncoding() {}

  /** In words, with what to do. */
  static String guess(byte[] line) {
    boolean text = true;
    boolean chinese = false;
    for (int i = 0; i < line.length; i++) {
      int b = line[i] & 0xff;
      text &= b >= ' ' || b == '\t' || b == '\r' || b == '\f';
      // The rows of everyday characters, which all that grew out of GB 2312 has in common.
      chinese |= i > 0 && (line[i - 1] & 0xff) >= 0xb0 && (line[i - 1] & 0xff) <= 0xf7 && b >= 0xa1;
    }
    if (!text) {
      return "not UTF-8 text, so this is not an image list";
    }
    return chinese && isGb18030(line)
        ? "not UTF-8 text, but GBK, it seems: save it as UTF-8 (iconv -f GBK -t UTF-8)"
        : "not UTF-8 text: save it as UTF-8 (iconv -t UTF-8, with -f and the encoding it has)";
  }

  private static boolean isGb18030(byte[] line) {
    if (!Charset.isSupported(GB18030)) {
      return true;
    }
    try {
      Charset.forName(GB18030).newDecoder().decode(ByteBuffer.wrap(line));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
