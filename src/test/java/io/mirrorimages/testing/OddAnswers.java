package io.mirrorimages.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Answers of a server that means no good, or is broken: status lines, addresses, numbers and bodies
 * that programs stumbled over, put together by chance and damaged here and there. Thread-safe.
 */
public final class OddAnswers {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  private static final List<String> STATUS_LINES =
      List.of(
          "HTTP/-1.1 200 OK",
          "HTTP/1.-1 200 OK",
          "HTTP/1.1 000 OK",
          "HTTP/1.1 -20 OK",
          "HTTP/1.1 9999999999 OK",
          "HTTP/1.1 1000 OK",
          "HTTP/9.9 200 OK",
          "HTTP/1.1",
          "HTTP/",
          "ICY 200 OK",
          "<html>",
          "");
  private static final List<Integer> STATUSES =
      List.of(
          100, 101, 103, 200, 200, 200, 201, 202, 204, 206, 301, 302, 303, 307, 308, 400, 401, 401,
          401, 403, 404, 408, 416, 429, 451, 500, 501, 503, 520, 599, 600, 999);
  private static final List<String> ADDRESSES =
      List.of(
          "http://127.0.0.1:99999/",
          "http://127.0.0.1:65536/",
          "http://127.0.0.1:0/",
          "http://a|b/",
          "http://ho\"st/",
          "http://[:::::]/",
          "http://[1.2.3]/",
          "http://[::ffff:zz]/",
          "http://./x",
          "http:///x",
          "http://%41%00/x",
          "http://127.0.0.1\\@evil/x",
          "http://user:pass@127.0.0.1/",
          "//",
          "/",
          "",
          "?",
          "../../../..",
          "file:///etc/passwd",
          "/a b\u00e9\u0001",
          "http://" + "a".repeat(5000) + "/");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "+3",
          "3",
          "3, 4",
          "1.5",
          "1e400",
          "9223372036854775807",
          "9223372036854775808",
          "99999999999999999999999999",
          "1000000000000000000",
          "\"abc\"",
          "null",
          "",
          "Fri, 31 Dec 9999 23:59:59 GMT",
          "Thu, 01 Jan 1970 00:00:00 GMT");
  private static final List<String> HEADERS =
      List.of(
          "Content-Length",
          "Date",
          "OCI-Chunk-Min-Length",
          "RateLimit-Limit",
          "RateLimit-Remaining",
          "Range",
          "Content-Range",
          "Docker-Content-Digest",
          "Content-Type",
          "Content-Encoding",
          "Transfer-Encoding",
          "Connection",
          "Keep-Alive");

  private final SplittableRandom random;

  /** Makes them by {@code random}. */
  public OddAnswers(SplittableRandom random) {
    this.random = random;
  }

  /**
   * The next one, whose characters are bytes.
   *
   * @param host the server's own, for addresses that lead back to it
   */
  public synchronized String next(String host) {
    String status =
        random.nextInt(8) == 0 ? one(STATUS_LINES) : "HTTP/1.1 " + one(STATUSES) + " so";
    List<String> lines = new ArrayList<>(List.of(status));
    if (random.nextInt(3) > 0) {
      lines.add("Location: " + address(host));
    }
    if (random.nextInt(3) > 0) {
      lines.add("WWW-Authenticate: Bearer realm=\"" + address(host) + "\",service=\"s\"");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      lines.add(one(HEADERS) + ": " + value());
    }
    String body = body();
    if (random.nextInt(4) > 0) {
      lines.add("Content-Length: " + body.length());
    }
    return damaged(String.join("\r\n", lines) + "\r\n\r\n" + body);
  }

  private String address(String host) {
    return random.nextBoolean() ? "http://" + host + "/x" : one(ADDRESSES);
  }

  private String value() {
    return switch (random.nextInt(5)) {
      // Nothing that is waited for: the tests are to be quick.
      case 0 -> one(NUMBERS) + ";w=999999999" + one(NUMBERS);
      case 1 -> "bytes " + one(NUMBERS) + "-" + one(NUMBERS) + "/" + one(NUMBERS);
      case 2 ->
          one(List.of("gzip", "br", "chunked", "close", "text/html", DIGEST, "application/x"));
      default -> one(NUMBERS);
    };
  }

  private String body() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> "{\"token\":\"t\",\"expires_in\":" + one(NUMBERS) + "}";
      case 2 -> "{\"errors\":[{\"code\":" + one(NUMBERS) + "}]}";
      case 3 -> "{\"schemaVersion\":2,\"config\":{\"digest\":\"" + DIGEST + "\",\"size\":2}}";
      case 4 -> one(NUMBERS) + "\r\n{\r\n0\r\nX: y\r\n\r\n";
      default -> "\u001f\u008b\b\u0000" + "[".repeat(random.nextInt(2000));
    };
  }

  private String damaged(String answer) {
    if (random.nextInt(3) > 0) {
      return answer;
    }
    StringBuilder damaged = new StringBuilder(answer);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(256));
    }
    return damaged.toString();
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
