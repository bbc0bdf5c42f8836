package io.mirrorimages.registry.http;

import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Text;
import io.mirrorimages.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What a server says about an error (distribution-spec, "Error Codes"), or what stands between it
 * and us says in its place: bounded, on one line, without the queries of addresses and without
 * credentials.
 */
public final class ErrorText {
  private static final int LONGEST_LINE = 300;
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}\\u2028\\u2029]+");
  private static final Pattern RATE =
      Pattern.compile(
          "rate[ _-]?limit|too[ _]?many[ _]?requests|throttl|rate exceeded|reduce your request"
              + " rate",
          Pattern.CASE_INSENSITIVE);

  /** A code, and a few words. */
  private static final int FEWEST_WORDS = 4;

  private static final Pattern NO_RIGHT =
      Pattern.compile(
          "(?i)unauthori[sz]ed|not authori[sz]ed|authenticat|authorization|access to the resource"
              + "|access denied|forbidden|permission|insufficient|credential|log ?in|token");

  private final List<String> codes;
  private final String line;
  private final boolean ofRate;

  private ErrorText(List<String> codes, String line, boolean ofRate) {
    this.codes = codes;
    this.line = line;
    this.ofRate = ofRate;
  }

  /** Reads the error in an answer's body, as far as there is one, and closes the answer. */
  public static ErrorText of(Response answer) {
    // A 416 of distribution 2.8 promises more bytes than it sends.
    if (answer.status() == 416 || answer.call().method().equals("HEAD")) {
      answer.close();
      return new ErrorText(List.of(), "", false);
    }
    byte[] body = answer.explanation();
    boolean html = answer.isHtml();
    answer.finish();
    return html ? new ErrorText(List.of(), "an HTML page", speaksOfRate(body)) : parse(body);
  }

  static ErrorText parse(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    List<String> codes = new ArrayList<>();
    try {
      JsonNode root = Json.parse(body, "the error");
      List<String> messages = new ArrayList<>();
      for (JsonNode error : root.path("errors")) {
        codes.add(error.path("code").asString(""));
        messages.add(message(error));
      }
      if (!messages.isEmpty()) {
        String more = messages.size() > 3 ? " and " + (messages.size() - 3) + " more" : "";
        text = String.join("; ", messages.subList(0, Math.min(3, messages.size()))) + more;
      } else if (root.hasNonNull("details")) {
        text = root.get("details").asString("");
      }
    } catch (InvalidContentException e) {
      // Not the specification's form; shown as it is.
    }
    return new ErrorText(codes, line(text), speaksOfRate(body));
  }

  private static boolean speaksOfRate(byte[] body) {
    return RATE.matcher(new String(body, StandardCharsets.UTF_8)).find();
  }

  private static String message(JsonNode error) {
    String code = error.path("code").asString("");
    String message = error.path("message").asString("");
    // Harbor appends the cause to the message, which often is the same text.
    int half = (message.length() - 2) / 2;
    if (half > 0
        && message.equals(message.substring(0, half) + ": " + message.substring(0, half))) {
      message = message.substring(0, half);
    }
    String digest = error.path("detail").path("digest").asString("");
    return (code + " " + message + (digest.isEmpty() ? "" : " " + digest)).strip();
  }

  /** Whether it is more than that there is no right, as that a registry is read-only now. */
  boolean saysWhy() {
    return !codes.isEmpty()
        && line.split(" ").length >= FEWEST_WORDS
        && !NO_RIGHT.matcher(line).find();
  }

  boolean has(String code) {
    return codes.contains(code);
  }

  /** Harbor says it in words only; the code is the one for every refusal. */
  boolean speaksOfQuota() {
    return line.contains("will exceed the configured upper limit")
        || line.contains("exceeds the quota")
        || line.toLowerCase(java.util.Locale.ROOT).contains("quota exceeded");
  }

  /** GitHub, storage and gateways say it in words, with the status of a missing right. */
  boolean speaksOfRate() {
    return ofRate;
  }

  /** For the end of a message: empty, or a colon and the text. */
  public String suffix() {
    return line.isEmpty() ? "" : ": " + line;
  }

  /** An exception's own words, or what its type means where it has none. */
  public static String line(Throwable e) {
    return line(ErrorWords.of(e));
  }

  /** A text on one line, bounded and without secrets. */
  public static String line(String text) {
    String line = Text.line(BLANKS.matcher(Secrets.mask(text)).replaceAll(" ").strip());
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "...";
  }
}
