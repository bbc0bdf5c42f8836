package io.mirrorimages.testing;

import static io.mirrorimages.testing.FaultyRegistry.respond;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Upload sessions as distribution 2.8.2 keeps them: the {@code _state} of a Location seals the
 * number of bytes. A request with another state is answered 404 and changes nothing; bytes of a
 * broken request stay in the session, which no state fits from then on. A session ends with the PUT
 * whose digest is right, or with DELETE.
 */
final class UploadSessions {
  private static final byte[] INVALID = error("BLOB_UPLOAD_INVALID");
  private static final byte[] UNKNOWN = error("BLOB_UPLOAD_UNKNOWN");
  private static final byte[] DIGEST = error("DIGEST_INVALID");
  private static final byte[] OTHER = error("UNKNOWN");

  private final Consumer<byte[]> blobs;
  private final Map<String, ByteArrayOutputStream> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger names = new AtomicInteger();

  /**
   * None yet.
   *
   * @param blobs gets the content of each upload that is finished
   */
  UploadSessions(Consumer<byte[]> blobs) {
    this.blobs = blobs;
  }

  private static byte[] error(String code) {
    return ("{\"errors\":[{\"code\":\"" + code + "\"}]}").getBytes(StandardCharsets.UTF_8);
  }

  /** Begins one and tells the client where. */
  void begin(HttpExchange exchange, String repository) throws IOException {
    progress(exchange, 202, repository, begin(repository), 0);
  }

  /** Begins one; gives its name. */
  private String begin(String repository) {
    String name = Integer.toString(names.incrementAndGet());
    sessions.put(repository + "@" + name, new ByteArrayOutputStream());
    return name;
  }

  /** Begins one; gives its Location. */
  String open(String repository) {
    return location(repository, begin(repository), 0);
  }

  /** Answers any request to a session but the one that begins it. */
  void answer(HttpExchange exchange, String repository, String name) throws IOException {
    ByteArrayOutputStream bytes = sessions.get(repository + "@" + name);
    String query = exchange.getRequestURI().getRawQuery();
    if (bytes == null) {
      refuse(exchange, 404, UNKNOWN);
      return;
    }
    synchronized (bytes) {
      if (query == null || !(query + "&").startsWith(state(bytes.size()) + "&")) {
        refuse(exchange, 404, INVALID);
        return;
      }
      switch (exchange.getRequestMethod()) {
        case "GET" -> progress(exchange, 204, repository, name, bytes.size());
        case "PATCH" -> patch(exchange, repository, name, bytes);
        case "PUT" -> finish(exchange, bytes);
        case "DELETE" -> {
          sessions.values().remove(bytes);
          respond(exchange, 204, new byte[0]);
        }
        default -> respond(exchange, 405, new byte[0]);
      }
    }
  }

  private void patch(
      HttpExchange exchange, String repository, String name, ByteArrayOutputStream bytes)
      throws IOException {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type != null && !type.equals("application/octet-stream")) {
      refuse(exchange, 500, OTHER);
      return;
    }
    keep(exchange.getRequestBody(), bytes);
    progress(exchange, 202, repository, name, bytes.size());
  }

  private void finish(HttpExchange exchange, ByteArrayOutputStream bytes) throws IOException {
    String query =
        URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
    keep(exchange.getRequestBody(), bytes);
    String digest = FaultyRegistry.sha256(bytes.toByteArray());
    if (!query.endsWith("&digest=" + digest)) {
      respond(exchange, 400, DIGEST);
      return;
    }
    blobs.accept(bytes.toByteArray());
    sessions.values().remove(bytes);
    respond(exchange, 201, new byte[0], "Docker-Content-Digest: " + digest);
  }

  /** What comes is kept at once, also if the rest never does. */
  private static void keep(InputStream body, ByteArrayOutputStream bytes) throws IOException {
    byte[] buffer = new byte[8192];
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      bytes.write(buffer, 0, count);
    }
  }

  /** Go reads what it did not use, up to 256 KiB, so that the client sees the answer. */
  private static void refuse(HttpExchange exchange, int status, byte[] error) throws IOException {
    exchange.getRequestBody().readNBytes(256 * 1024);
    respond(exchange, status, error);
  }

  private static void progress(
      HttpExchange exchange, int status, String repository, String name, int size)
      throws IOException {
    respond(
        exchange,
        status,
        new byte[0],
        "Location: " + location(repository, name, size),
        "Range: 0-" + Math.max(0, size - 1),
        "Docker-Upload-UUID: " + name);
  }

  private static String location(String repository, String name, int size) {
    return "/v2/" + repository + "/blobs/uploads/" + name + "?" + state(size);
  }

  /** With what clients must not decode or encode once more. */
  private static String state(int size) {
    return "_state=a%2Fb+c==" + (size == 0 ? "" : size);
  }
}
