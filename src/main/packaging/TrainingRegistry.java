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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A registry in memory on a free loopback port, for the training runs of the start-up cache: {@code
 * java TrainingRegistry.java PORT IMAGES} writes its port into file PORT and the names of its
 * images into file IMAGES. It takes what the runs upload. It has enough images of its own that the
 * methods that a run repeats for each blob are hot, which is what their profiles in the cache are
 * for; more images make the cache larger, and then starting takes longer than what the profiles
 * save. It knows just the requests of such a run; it is part of the build, not of the tool, and no
 * double for tests.
 */
final class TrainingRegistry {
  private static final int IMAGES = 40;
  private static final int SHARED_LAYERS = 8;
  private static final String IMAGE_TYPE = "application/vnd.oci.image.";

  private record Manifest(String mediaType, byte[] bytes) {}

  /** By digest; which repositories have one is in {@link #links}. */
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

  private final Set<String> links = ConcurrentHashMap.newKeySet();
  private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
  private final AtomicInteger sessions = new AtomicInteger();

  public static void main(String[] arguments) throws IOException {
    TrainingRegistry registry = new TrainingRegistry();
    registry.fill();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", registry::answer);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    String host = "127.0.0.1:" + server.getAddress().getPort() + "/";
    Files.write(Path.of(arguments[1]), names().map(host::concat).toList());
    Path port = Path.of(arguments[0]);
    Path unfinished = Path.of(arguments[0] + ".new");
    Files.writeString(unfinished, server.getAddress().getPort() + "\n");
    Files.move(unfinished, port);
  }

  private static Stream<String> names() {
    return IntStream.range(0, IMAGES).mapToObj(i -> "training/app-" + i + ":v" + i);
  }

  /** Images of two layers, one of them shared with others, always of the same bytes. */
  private void fill() {
    Random random = new Random(1);
    List<byte[]> shared = Stream.generate(() -> layer(random)).limit(SHARED_LAYERS).toList();
    names()
        .forEach(
            name -> {
              String repository = "/v2/" + name.substring(0, name.indexOf(':'));
              byte[] config =
                  ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"author\":\"" + name + "\"}")
                      .getBytes(StandardCharsets.UTF_8);
              String layers =
                  Stream.of(shared.get(random.nextInt(SHARED_LAYERS)), layer(random))
                      .map(layer -> put(repository, "layer.v1.tar+gzip", layer))
                      .collect(Collectors.joining(","));
              String type = IMAGE_TYPE + "manifest.v1+json";
              byte[] manifest =
                  ("{\"schemaVersion\":2,\"mediaType\":\""
                          + type
                          + "\",\"config\":"
                          + put(repository, "config.v1+json", config)
                          + ",\"layers\":["
                          + layers
                          + "]}")
                      .getBytes(StandardCharsets.UTF_8);
              put(repository, name.substring(name.indexOf(':') + 1), new Manifest(type, manifest));
            });
  }

  private static byte[] layer(Random random) {
    byte[] bytes = new byte[random.nextInt(2_000, 200_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Keeps a blob; returns its descriptor. */
  private String put(String repository, String type, byte[] blob) {
    String digest = digest(blob);
    blobs.put(digest, blob);
    links.add(repository + "/blobs/" + digest);
    return "{\"mediaType\":\""
        + IMAGE_TYPE
        + type
        + "\",\"digest\":\""
        + digest
        + "\",\"size\":"
        + blob.length
        + "}";
  }

  private void put(String repository, String tag, Manifest manifest) {
    manifests.put(repository + "/manifests/" + tag, manifest);
    manifests.put(repository + "/manifests/" + digest(manifest.bytes()), manifest);
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
        byte[] blob =
            links.contains(path) ? blobs.get(path.substring(path.lastIndexOf('/') + 1)) : null;
        send(exchange, blob == null ? 404 : 200, blob == null ? new byte[0] : blob);
      } else {
        send(exchange, 404, new byte[0]);
      }
    }
  }

  private void upload(HttpExchange exchange, String path, byte[] body) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    String mounted = parameter(query, "mount");
    String digest = mounted.isEmpty() ? parameter(query, "digest") : mounted;
    if (mounted.isEmpty() && !digest.isEmpty()) {
      blobs.put(digest, body);
    }
    if (blobs.containsKey(digest)) {
      String blob = path.replaceFirst("uploads/.*", digest);
      links.add(blob);
      exchange.getResponseHeaders().add("Location", blob);
      send(exchange, 201, new byte[0]);
    } else {
      String session = path.endsWith("/") ? path + sessions.incrementAndGet() : path;
      exchange.getResponseHeaders().add("Location", session);
      exchange.getResponseHeaders().add("Range", "0-" + Math.max(0, body.length - 1));
      send(exchange, 202, new byte[0]);
    }
  }

  private static String parameter(String query, String name) {
    return Stream.of(query == null ? new String[0] : query.split("&"))
        .filter(one -> one.startsWith(name + "="))
        .map(one -> one.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }

  private void manifest(HttpExchange exchange, String path, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      String mediaType = exchange.getRequestHeaders().getFirst("Content-Type");
      String digest = digest(body);
      int tag = path.lastIndexOf('/') + 1;
      put(
          path.substring(0, path.indexOf("/manifests/")),
          path.substring(tag),
          new Manifest(mediaType, body));
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
