package io.mirrorimages.serve;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** One answer on its way out; knows HEAD from GET. Used by one thread. */
final class Response {
  /** The JDK's server allocates twice as much again per connection, so memory is three times it. */
  private static final int BUFFER = 32 * 1024;

  /** A fast client keeps a thread busy; after so many buffers the others have their turn. */
  private static final int TURN = 16;

  private final HttpExchange exchange;
  private final StallGuard.Watched watched;
  private final boolean head;
  private boolean begun;

  Response(HttpExchange exchange, StallGuard.Watched watched) {
    this.exchange = exchange;
    this.watched = watched;
    this.head = exchange.getRequestMethod().equals("HEAD");
    header("Docker-Distribution-Api-Version", "registry/2.0");
  }

  /** Whether the status is already on the wire. */
  boolean begun() {
    return begun;
  }

  void header(String name, String value) {
    exchange.getResponseHeaders().set(name, value);
  }

  /**
   * Sets the headers that name content, and answers 304 if the client has it (RFC 9110, section
   * 13.1.2).
   */
  boolean unchanged(Digest digest) throws IOException {
    header("Docker-Content-Digest", digest.toString());
    header("ETag", "\"" + digest + "\"");
    for (String tag : request("If-None-Match").orElse("").split(",")) {
      String bare = tag.strip().replaceFirst("^W/", "").replace("\"", "");
      if (bare.equals(digest.toString()) || bare.equals("*")) {
        begin(304, -1);
        return true;
      }
    }
    return false;
  }

  /** Which part of {@code size} bytes the client wants; only GET has parts. */
  ByteRange.Wanted wanted(long size, Digest digest) {
    boolean same = request("If-Range").map(tag -> tag.equals("\"" + digest + "\"")).orElse(true);
    return ByteRange.parse(head || !same ? Optional.empty() : request("Range"), size);
  }

  void unsatisfiable(long size) throws IOException {
    header("Content-Range", "bytes */" + size);
    error(new RegistryError(416, "SIZE_INVALID", "the blob has only " + size + " bytes"));
  }

  void error(RegistryError error) throws IOException {
    send(error.status(), "application/json", error.body());
  }

  void whole(String contentType, byte[] body) throws IOException {
    send(200, contentType, body);
  }

  /** Sends exactly the next {@code length} bytes of {@code content}. */
  void stream(int status, long length, InputStream content) throws IOException {
    header("Content-Type", "application/octet-stream");
    begin(status, length);
    if (head) {
      return;
    }
    OutputStream out = exchange.getResponseBody();
    byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, length))];
    long left = length;
    for (int buffers = 1; left > 0; buffers++) {
      int read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException("the archive ends within a blob");
      }
      out.write(buffer, 0, read);
      watched.moved();
      left -= read;
      if (buffers % TURN == 0) {
        giveWay();
      }
    }
  }

  /** So that many clients advance alike. */
  @SuppressWarnings("ThreadPriorityCheck") // A hint is enough.
  private static void giveWay() {
    Thread.yield();
  }

  private void send(int status, String contentType, byte[] body) throws IOException {
    header("Content-Type", contentType);
    begin(status, body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  /** {@code length} as the body of a GET has it; -1 for answers that never have one. */
  private void begin(int status, long length) throws IOException {
    begun = true;
    if (head && length >= 0) {
      header("Content-Length", Long.toString(length));
    }
    // The JDK's server takes 0 for "length not known", and wants none at all for HEAD.
    exchange.sendResponseHeaders(status, head || length == 0 ? -1 : length);
  }

  /** A header of the request, the first of its name. */
  Optional<String> request(String header) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(header));
  }
}
