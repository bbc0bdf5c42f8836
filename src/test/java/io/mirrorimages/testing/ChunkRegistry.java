package io.mirrorimages.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry whose uploads are as those of a certain server, after its source: what it keeps of a
 * PATCH that broke, what it says of an upload, and which requests it refuses. All else is {@link
 * FaultyRegistry}'s.
 */
public final class ChunkRegistry implements AutoCloseable {
  private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([0-9]*)");

  private final Kind kind;
  private final FaultyRegistry registry = new FaultyRegistry();
  private final Map<String, ByteArrayOutputStream> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger names = new AtomicInteger();
  private final Map<String, Long> lastParts = new ConcurrentHashMap<>();
  private volatile long leastChunk;
  private volatile long said = -1;
  private volatile Limits limits = new Limits(0, Long.MAX_VALUE, Long.MAX_VALUE);

  /**
   * What it refuses without having said so before: parts of less than {@code leastPart} bytes that
   * others follow, with 400; larger ones than {@code mostPart}, with 416; and a PUT with more than
   * {@code mostPut}, with 413.
   */
  public record Limits(long leastPart, long mostPart, long mostPut) {}

  /** Whose ways. */
  public enum Kind {
    /**
     * distribution 2.8, and Harbor: the Location seals the number of bytes. Where it is another
     * one, after a PATCH that broke or with an old Location, the session is of no use: 404.
     * Content-Range is not looked at.
     */
    DISTRIBUTION_2,

    /** distribution 3: keeps what came, and says how much; a wrong Content-Range is 416. */
    DISTRIBUTION_3,

    /** zot: a PATCH that broke ends the session; a wrong Content-Range is 416. */
    ZOT
  }

  /** Starts it. */
  public ChunkRegistry(Kind kind) throws IOException {
    this.kind = kind;
  }

  /** The one it is built on, for requests seen, rules, and content. */
  public FaultyRegistry registry() {
    return registry;
  }

  /** From here on uploads are answered; rules for them that were added before come first. */
  public ChunkRegistry ready() {
    registry.on("*", "/blobs/uploads/", this::upload);
    return this;
  }

  /** {@code 127.0.0.1:port}, as in image names. */
  public String name() {
    return registry.name();
  }

  /** What it asks for with OCI-Chunk-Min-Length. */
  public void leastChunk(long bytes) {
    leastChunk = bytes;
  }

  /**
   * From now on it says, whatever it has, that it has so many bytes: as ECR, which names the end of
   * the first chunk for all (aws/containers-roadmap#2831), and zot until mid-2025, which named the
   * length of the last.
   */
  public void alwaysSays(long bytes) {
    said = bytes;
  }

  /** From now on it has limits. */
  public void limits(Limits other) {
    limits = other;
  }

  /** How many sessions there are. */
  public int sessions() {
    return sessions.size();
  }

  /** How many were begun. */
  public int begun() {
    return names.get();
  }

  /** Forgets all sessions. */
  public void purge() {
    sessions.clear();
  }

  /** Spoils the first byte of every session. */
  public void spoil() {
    sessions.replaceAll(
        (name, old) -> {
          byte[] bytes = old.toByteArray();
          bytes[0] ^= 1;
          ByteArrayOutputStream wrong = new ByteArrayOutputStream();
          wrong.writeBytes(bytes);
          return wrong;
        });
  }

  /** Answers a request for an upload; for rules that do something beside it. */
  public void upload(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    Matcher path = UPLOAD.matcher(exchange.getRequestURI().getPath());
    if (!path.matches()) {
      FaultyRegistry.respond(exchange, 404, new byte[0]);
      return;
    }
    String query = exchange.getRequestURI().getRawQuery();
    if (method.equals("POST") && canMount(query)) {
      registry.properly(exchange);
      return;
    }
    if (method.equals("POST")) {
      String name = Integer.toString(names.incrementAndGet());
      sessions.put(name, new ByteArrayOutputStream());
      exchange.getResponseHeaders().add("OCI-Chunk-Min-Length", Long.toString(leastChunk));
      answer(exchange, 202, path.group(1), name);
      return;
    }
    String name = path.group(2);
    ByteArrayOutputStream bytes = sessions.get(name);
    if (bytes == null) {
      FaultyRegistry.respond(exchange, 404, new byte[0]);
      return;
    }
    // The handlers of one session take turns: a PATCH whose client is gone ends before the next.
    synchronized (bytes) {
      if (sessions.get(name) != bytes) {
        // The one before it ended the session.
        FaultyRegistry.respond(exchange, 404, new byte[0]);
        return;
      }
      long size = bytes.size();
      boolean right =
          kind == Kind.ZOT || query != null && query.startsWith("_state=" + size + "%2F");
      if (!right && kind == Kind.DISTRIBUTION_2) {
        sessions.remove(name);
        FaultyRegistry.respond(exchange, 404, new byte[0]);
        return;
      }
      switch (method) {
        case "GET" -> answer(exchange, 204, path.group(1), name);
        case "PATCH" -> {
          if (!right || kind != Kind.DISTRIBUTION_2 && !isNext(exchange, size)) {
            FaultyRegistry.respond(exchange, 416, new byte[0]);
            return;
          }
          int refusal = refusal(name, length(exchange), size);
          if (refusal > 0) {
            exchange.getRequestBody().readAllBytes();
            FaultyRegistry.respond(exchange, refusal, new byte[0]);
            return;
          }
          patch(exchange, name, bytes);
          answer(exchange, 202, path.group(1), name);
        }
        case "PUT" -> {
          if (!right) {
            FaultyRegistry.respond(exchange, 416, new byte[0]);
            return;
          }
          byte[] rest = exchange.getRequestBody().readAllBytes();
          if (rest.length > limits.mostPut()) {
            FaultyRegistry.respond(exchange, 413, new byte[0]);
            return;
          }
          bytes.writeBytes(rest);
          sessions.remove(name);
          finish(exchange, query, bytes.toByteArray());
        }
        default -> {
          sessions.remove(name);
          FaultyRegistry.respond(exchange, 204, new byte[0]);
        }
      }
    }
  }

  private boolean canMount(String query) {
    Matcher mount =
        Pattern.compile("mount=([^&]+).*")
            .matcher(query == null ? "" : URLDecoder.decode(query, StandardCharsets.UTF_8));
    return mount.find() && registry.blob(mount.group(1)) != null;
  }

  /** The status of a refusal, or 0. */
  private int refusal(String name, long length, long there) {
    Long last = lastParts.put(name, length);
    if (there > 0 && last != null && last < limits.leastPart()) {
      return 400;
    }
    return length > limits.mostPart() ? 416 : 0;
  }

  private static long length(HttpExchange exchange) {
    return Long.parseLong(exchange.getRequestHeaders().getFirst("Content-Length"));
  }

  private void patch(HttpExchange exchange, String name, ByteArrayOutputStream bytes)
      throws IOException {
    InputStream body = exchange.getRequestBody();
    long expected = length(exchange) + bytes.size();
    byte[] buffer = new byte[8192];
    try {
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        bytes.write(buffer, 0, count);
      }
      if (bytes.size() != expected) {
        throw new IOException("the client hung up");
      }
    } catch (IOException e) {
      if (kind == Kind.ZOT) {
        sessions.remove(name);
      }
      throw e;
    }
  }

  private static boolean isNext(HttpExchange exchange, long size) {
    long length = length(exchange);
    String range = size + "-" + (size + length - 1);
    return range.equals(exchange.getRequestHeaders().getFirst("Content-Range"));
  }

  private void answer(HttpExchange exchange, int status, String repository, String name)
      throws IOException {
    int size = sessions.get(name).size();
    long told = said < 0 || size == 0 ? size : said;
    String location = "/v2/" + repository + "/blobs/uploads/" + name;
    FaultyRegistry.respond(
        exchange,
        status,
        new byte[0],
        "Location: " + location + (kind == Kind.ZOT ? "" : "?_state=" + size + "%2Fb+c=="),
        "Range: 0-" + Math.max(0, told - 1));
  }

  private void finish(HttpExchange exchange, String query, byte[] bytes) throws IOException {
    String digest = FaultyRegistry.sha256(bytes);
    boolean right = URLDecoder.decode(query, StandardCharsets.UTF_8).endsWith("digest=" + digest);
    if (right) {
      registry.addBlob(bytes);
      FaultyRegistry.respond(exchange, 201, new byte[0], "Docker-Content-Digest: " + digest);
    } else {
      byte[] error =
          "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}".getBytes(StandardCharsets.UTF_8);
      FaultyRegistry.respond(exchange, 400, error);
    }
  }

  @Override
  public void close() {
    registry.close();
  }
}
