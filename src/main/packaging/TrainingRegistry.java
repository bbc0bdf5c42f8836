import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry in memory on a free loopback port, which takes what the start-up cache's training run
 * uploads: {@code java TrainingRegistry.java FILE} writes the port into the file. It knows just the
 * requests of such a run; it is part of the build, not of the tool, and no double for tests.
 */
final class TrainingRegistry {
  private record Manifest(String mediaType, byte[] bytes) {}

  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
  private final AtomicInteger sessions = new AtomicInteger();

  public static void main(String[] arguments) throws IOException {
    TrainingRegistry registry = new TrainingRegistry();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", registry::answer);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    Path port = Path.of(arguments[0]);
    Path unfinished = Path.of(arguments[0] + ".new");
    Files.writeString(unfinished, server.getAddress().getPort() + "\n");
    Files.move(unfinished, port);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/v2/")) {
        send(exchange, 200, new byte[0]);
      } else if (path.contains("/blobs/uploads/")) {
        upload(exchange, path, body);
      } else if (path.contains("/manifests/")) {
        manifest(exchange, path, body);
      } else if (path.contains("/blobs/")) {
        byte[] blob = blobs.get(path.substring(path.lastIndexOf('/') + 1));
        send(exchange, blob == null ? 404 : 200, blob == null ? new byte[0] : blob);
      } else {
        send(exchange, 404, new byte[0]);
      }
    }
  }

  private void upload(HttpExchange exchange, String path, byte[] body) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    String digest = query == null ? "" : query.replaceFirst("(.*&)?digest=([^&]*).*", "$2");
    if (exchange.getRequestMethod().equals("PUT") || digest.startsWith("sha256:")) {
      blobs.put(digest, body);
      exchange.getResponseHeaders().add("Location", path.replaceFirst("uploads/.*", digest));
      send(exchange, 201, new byte[0]);
    } else {
      String session = path.endsWith("/") ? path + sessions.incrementAndGet() : path;
      exchange.getResponseHeaders().add("Location", session);
      exchange.getResponseHeaders().add("Range", "0-" + Math.max(0, body.length - 1));
      send(exchange, 202, new byte[0]);
    }
  }

  private void manifest(HttpExchange exchange, String path, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      String mediaType = exchange.getRequestHeaders().getFirst("Content-Type");
      String digest = digest(body);
      manifests.put(path, new Manifest(mediaType, body));
      manifests.put(
          path.substring(0, path.lastIndexOf('/') + 1) + digest, new Manifest(mediaType, body));
      exchange.getResponseHeaders().add("Docker-Content-Digest", digest);
      exchange.getResponseHeaders().add("Location", path);
      send(exchange, 201, new byte[0]);
      return;
    }
    Manifest found = manifests.get(path);
    if (found == null) {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      send(
          exchange,
          404,
          "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}"
              .getBytes(StandardCharsets.UTF_8));
      return;
    }
    exchange.getResponseHeaders().add("Content-Type", found.mediaType());
    exchange.getResponseHeaders().add("Docker-Content-Digest", digest(found.bytes()));
    send(exchange, 200, found.bytes());
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
