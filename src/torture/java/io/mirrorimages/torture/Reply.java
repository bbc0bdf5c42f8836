package io.mirrorimages.torture;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Answers that a line gives by itself, after which it closes the connection. */
final class Reply {
  private static final int[] SERVER_ERRORS = {500, 502, 503, 504};

  private final int status;
  private final String type;
  private final String text;
  private final String[] fields;

  private Reply(int status, String type, String text, String... fields) {
    this.status = status;
    this.type = type;
    this.text = text;
    this.fields = fields;
  }

  static Reply wantsToken(String host) {
    return new Reply(
        401,
        "application/json",
        "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}",
        "WWW-Authenticate: Bearer realm=\"http://" + host + "/token\",service=\"torture\"");
  }

  static Reply tooMany(String... fields) {
    return new Reply(429, "text/plain", "too many", fields);
  }

  static Reply serverError(int which) {
    return new Reply(
        SERVER_ERRORS[which & 3],
        (which & 4) == 0 ? "text/html" : "text/plain",
        "<html>something is broken</html>");
  }

  /** Harbor 2.15.2's. */
  static Reply deadSession() {
    return new Reply(
        404,
        "application/json; charset=utf-8",
        "{\"errors\":[{\"code\":\"BLOB_UPLOAD_INVALID\",\"message\":\"blob upload invalid\"}]}\n");
  }

  static Reply webPage() {
    return new Reply(200, "text/html", "<html>please log in to the network</html>");
  }

  static Reply expired() {
    return new Reply(403, "application/xml", "<Error>Request has expired</Error>");
  }

  static Reply token(String json) {
    return new Reply(200, "application/json", json);
  }

  static Reply redirect(String location) {
    return new Reply(307, "text/plain", "", "Location: " + location);
  }

  /** Servers repeat what they were sent, for who looks for a mistake. */
  Reply repeating(String sent) {
    return type.equals("text/plain") || type.equals("application/xml")
        ? new Reply(status, type, text + " (it was " + sent + ")", fields)
        : this;
  }

  int status() {
    return status;
  }

  /** As the answer to a request of this method. */
  byte[] bytes(String method) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "Content-Type: " + type, "Content-Length: " + text.length(), "Connection: close"));
    all.addAll(List.of(fields));
    String head =
        new String(
            new Head("HTTP/1.1 " + status + " so", all).bytes(), StandardCharsets.ISO_8859_1);
    return (head + (method.equals("HEAD") ? "" : text)).getBytes(StandardCharsets.ISO_8859_1);
  }
}
