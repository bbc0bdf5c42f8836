package io.mirrorimages.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * A small registry in memory that does what it is told: it serves and takes content as distribution
 * 2.8.2 does, but shares all blobs among its repositories, except where a rule answers first. Keeps
 * every request, for tests to look at. On loopback, a free port, plain http or TLS.
 */
public final class FaultyRegistry implements AutoCloseable {
  private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([0-9]*)");
  private static final Pattern MOUNT = Pattern.compile("mount=([^&]+)");
  private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/([^/]+)");
  private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");

  private static final byte[] BLOB_UNKNOWN =
      "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, Stored> manifests = new ConcurrentHashMap<>();
  private final UploadSessions uploads = new UploadSessions(this::addBlob);

  /** Starts it. */
  public FaultyRegistry() throws IOException {
    this(HttpServer.create());
  }

  /** Starts one that speaks TLS, with a certificate for {@code localhost}. */
  public FaultyRegistry(SSLContext tls) throws IOException {
    this(overTls(tls));
  }

  private FaultyRegistry(HttpServer server) throws IOException {
    this.server = server;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  private static HttpServer overTls(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return server;
  }

  /** A request as it came. */
  public record Seen(String method, String target, Map<String, List<String>> headers, int port) {
    /** The first value of a header, or the empty string. */
    public String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> entry.getValue().getFirst())
          .findFirst()
          .orElse("");
    }
  }

  /** An answer of a rule; it answers the exchange or throws, and closes nothing. */
  public interface Behaviour {
    /** Answers. */
    void answer(HttpExchange exchange) throws IOException;
  }

  private record Stored(byte[] bytes, String mediaType) {}

  private record Rule(
      String method,
      Pattern target,
      Predicate<HttpExchange> condition,
      Behaviour behaviour,
      AtomicInteger left) {
    boolean takes(HttpExchange exchange) {
      return condition.test(exchange)
          && (method.equals("*") || method.equals(exchange.getRequestMethod()))
          && target.matcher(exchange.getRequestURI().toString()).find()
          && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }
  }

  /** {@code 127.0.0.1:port}, or {@code localhost:port} with TLS, as in image names. */
  public String name() {
    return (server instanceof HttpsServer ? "localhost:" : "127.0.0.1:")
        + server.getAddress().getPort();
  }

  /** The address of a path. */
  public String url(String path) {
    return (server instanceof HttpsServer ? "https://" : "http://") + name() + path;
  }

  /** From now on such requests get this answer; rules added first are asked first. */
  public FaultyRegistry on(String method, String targetRegex, Behaviour behaviour) {
    return on(method, targetRegex, Integer.MAX_VALUE, behaviour);
  }

  /** The next {@code times} such requests get this answer. */
  public FaultyRegistry on(String method, String targetRegex, int times, Behaviour behaviour) {
    rules.add(
        new Rule(
            method, Pattern.compile(targetRegex), e -> true, behaviour, new AtomicInteger(times)));
    return this;
  }

  /** Requests whose Authorization is not accepted get this answer. */
  public FaultyRegistry unlessAuthorized(Predicate<String> accepted, Behaviour behaviour) {
    rules.add(
        new Rule(
            "*",
            Pattern.compile("^/v2/"),
            e ->
                !accepted.test(
                    Optional.ofNullable(e.getRequestHeaders().getFirst("Authorization"))
                        .orElse("")),
            behaviour,
            new AtomicInteger(Integer.MAX_VALUE)));
    return this;
  }

  /** Stores a blob for every repository and returns its digest. */
  public String addBlob(byte[] bytes) {
    String digest = sha256(bytes);
    blobs.put(digest, bytes);
    return digest;
  }

  /** Begins an upload as a POST would; gives the path and query of its Location. */
  public String beginUpload(String repository) {
    return uploads.open(repository);
  }

  /** Stores a manifest under a tag and its digest, which is returned. */
  public String addManifest(String repository, String tag, byte[] bytes, String mediaType) {
    String digest = sha256(bytes);
    manifests.put(repository + " " + tag, new Stored(bytes, mediaType));
    manifests.put(repository + " " + digest, new Stored(bytes, mediaType));
    return digest;
  }

  /** The blob as it was taken; null if it was not. */
  public byte[] blob(String digest) {
    return blobs.get(digest);
  }

  /** The manifest as it was taken; null if it was not. */
  public byte[] manifest(String repository, String name) {
    Stored stored = manifests.get(repository + " " + name);
    return stored == null ? null : stored.bytes();
  }

  /** All requests so far. */
  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** The requests of a method to targets that contain a text. */
  public List<Seen> seen(String method, String targetPart) {
    return seen.stream()
        .filter(s -> s.method().equals(method) && s.target().contains(targetPart))
        .toList();
  }

  /** Answers with a status, headers ("Name: value") and a body. */
  public static Behaviour status(int status, String body, String... headers) {
    return exchange -> respond(exchange, status, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Answers 200 with fewer bytes than promised, then hangs up. */
  public static Behaviour truncated(byte[] body, int sent) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, sent);
      exchange.getResponseBody().flush();
      throw new IOException("cut by the test");
    };
  }

  /** Answers, reading nothing of the request's body first. */
  public static void respond(HttpExchange exchange, int status, byte[] body, String... headers)
      throws IOException {
    for (String header : headers) {
      int colon = header.indexOf(':');
      exchange
          .getResponseHeaders()
          .add(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** {@code sha256:...} of the bytes. */
  public static String sha256(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Handles as if there were no rules; for rules that do something beside it. */
  public void properly(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    var upload = UPLOAD.matcher(path);
    var blob = BLOB.matcher(path);
    var manifest = MANIFEST.matcher(path);
    if (path.equals("/v2/")) {
      respond(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
    } else if (upload.matches()) {
      upload(exchange, upload.group(1), upload.group(2));
    } else if (blob.matches()) {
      serveBlob(exchange, blob.group(2));
    } else if (manifest.matches()) {
      manifest(exchange, manifest.group(1), manifest.group(2));
    } else {
      respond(exchange, 404, new byte[0]);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            Map.copyOf(exchange.getRequestHeaders()),
            server.getAddress().getPort()));
    try (exchange) {
      for (Rule rule : rules) {
        if (rule.takes(exchange)) {
          rule.behaviour().answer(exchange);
          return;
        }
      }
      properly(exchange);
    }
  }

  private void upload(HttpExchange exchange, String repository, String name) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      uploads.answer(exchange, repository, name);
      return;
    }
    Optional<String> mount = mount(exchange.getRequestURI().getRawQuery());
    if (mount.isPresent() && blobs.containsKey(mount.get())) {
      respond(exchange, 201, new byte[0], "Docker-Content-Digest: " + mount.get());
    } else {
      uploads.begin(exchange, repository);
    }
  }

  private static Optional<String> mount(String query) {
    String decoded = query == null ? "" : URLDecoder.decode(query, StandardCharsets.UTF_8);
    return MOUNT.matcher(decoded).results().map(found -> found.group(1)).findFirst();
  }

  private void serveBlob(HttpExchange exchange, String digest) throws IOException {
    byte[] bytes = blobs.get(digest);
    if (bytes == null) {
      respond(exchange, 404, new byte[0]);
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
      respond(exchange, 200, bytes, "Docker-Content-Digest: " + digest);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      respond(exchange, 200, bytes);
      return;
    }
    String[] ends = range.replaceFirst("bytes=", "").split("-");
    int from = Integer.parseInt(ends[0]);
    int to = ends.length < 2 ? bytes.length : Integer.parseInt(ends[1]) + 1;
    respond(
        exchange,
        206,
        java.util.Arrays.copyOfRange(bytes, from, to),
        "Content-Range: bytes " + from + "-" + (to - 1) + "/" + bytes.length);
  }

  /** Sends the whole blob, whatever part was asked for. */
  public void whole(HttpExchange exchange) throws IOException {
    var blob = BLOB.matcher(exchange.getRequestURI().getPath());
    byte[] bytes = blob.matches() ? blobs.get(blob.group(2)) : null;
    respond(exchange, bytes == null ? 404 : 200, bytes == null ? new byte[0] : bytes);
  }

  private void manifest(HttpExchange exchange, String repository, String name) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (lacks(repository, bytes, type)) {
        respond(exchange, 400, BLOB_UNKNOWN);
        return;
      }
      String digest = addManifest(repository, name, bytes, type);
      respond(exchange, 201, new byte[0], "Docker-Content-Digest: " + digest);
      return;
    }
    Stored stored = manifests.get(repository + " " + name);
    if (stored == null) {
      respond(exchange, 404, new byte[0]);
      return;
    }
    respond(
        exchange,
        200,
        stored.bytes(),
        "Content-Type: " + stored.mediaType(),
        "Docker-Content-Digest: " + sha256(stored.bytes()));
  }

  /** Whether it names content that was not sent before, and that is not kept elsewhere. */
  private boolean lacks(String repository, byte[] bytes, String type) {
    Manifest manifest = Manifest.parse(bytes, type);
    return manifest.blobs().stream()
            .filter(blob -> !MediaTypes.isNonDistributable(blob.mediaType()))
            .anyMatch(blob -> !blobs.containsKey(blob.digest().toString()))
        || manifest.children().stream()
            .anyMatch(child -> !manifests.containsKey(repository + " " + child.digest()));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
