package io.mirrorimages.serve;

import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.io.IOCallback;
import org.jspecify.annotations.Nullable;

/** One answer on its way out; knows HEAD from GET. Used by one thread. */
final class ApiResponse {
  private static final int BUFFER = 32 * 1024;

  /** A fast client keeps a thread busy; after so many buffers the others have their turn. */
  private static final int TURN = 16;

  private final ClassicHttpRequest request;
  private final ServerConnection connection;
  private final StallGuard.Watched watched;
  private final ClassicHttpResponse response = new BasicClassicHttpResponse(200);
  private boolean begun;

  ApiResponse(ClassicHttpRequest request, ServerConnection connection, StallGuard.Watched watched) {
    this.request = request;
    this.connection = connection;
    this.watched = watched;
    header("Docker-Distribution-Api-Version", "registry/2.0");
  }

  /** Whether the status is already on the wire. */
  boolean begun() {
    return begun;
  }

  void header(String name, String value) {
    response.setHeader(name, value);
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
        begin(304, null);
        return true;
      }
    }
    return false;
  }

  /** Which part of {@code size} bytes the client wants; only GET has parts. */
  ByteRange.RequestedRange wanted(long size, Digest digest) {
    boolean same = request("If-Range").map(tag -> tag.equals("\"" + digest + "\"")).orElse(true);
    return ByteRange.parse(isHead() || !same ? Optional.empty() : request("Range"), size);
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
    begin(status, entity(length, out -> copy(content, length, out)));
  }

  private void copy(InputStream content, long length, OutputStream out) throws IOException {
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
    begin(status, entity(body.length, out -> out.write(body)));
  }

  private static HttpEntity entity(long length, IOCallback<OutputStream> content) {
    // Without a content type of its own: the header is set.
    return new EntityTemplate(length, null, null, content);
  }

  private void begin(int status, @Nullable HttpEntity entity) throws IOException {
    begun = true;
    response.setCode(status);
    response.setEntity(entity);
    if (entity != null) {
      header("Content-Length", Long.toString(entity.getContentLength()));
    }
    try {
      connection.send(request, response);
    } catch (HttpException e) {
      throw new IOException(e);
    }
  }

  private boolean isHead() {
    return request.getMethod().equals("HEAD");
  }

  /** A header of the request, the first of its name. */
  Optional<String> request(String header) {
    return Optional.ofNullable(request.getFirstHeader(header)).map(Header::getValue);
  }
}
