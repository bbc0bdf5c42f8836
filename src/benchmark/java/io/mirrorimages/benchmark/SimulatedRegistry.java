package io.mirrorimages.benchmark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.MediaTypes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A registry with any number of images, whose manifests it makes when they are asked for: its
 * memory does not grow with them. Image N is {@code growth/app-N}, of one platform and six layers,
 * two of them its own; its blobs can't be fetched.
 */
final class SimulatedRegistry implements AutoCloseable {
  static {
    // The JDK's server answers small requests 40 ms late otherwise (delayed acknowledgements).
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final Pattern MANIFEST =
      Pattern.compile("/v2/growth/app-(\\d+)/manifests/([a-z0-9:]+)");
  private static final int SHARED = 40;
  private static final int LAYERS = 6;
  private static final int OWN_LAYERS = 2;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Starts one on a free port of loopback. */
  SimulatedRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", SimulatedRegistry::answer);
    server.start();
  }

  /** {@code 127.0.0.1:port}. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Matcher manifest = MANIFEST.matcher(path);
      if (path.equals("/v2/")) {
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      if (!manifest.matches()) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] bytes = manifest(Integer.parseInt(manifest.group(1)));
      String digest = Digest.sha256(bytes).toString();
      if (manifest.group(2).startsWith("sha256:") && !manifest.group(2).equals(digest)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", MediaTypes.OCI_MANIFEST);
      exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private static byte[] manifest(int image) {
    String layers =
        IntStream.range(0, LAYERS)
            .mapToObj(
                layer ->
                    layer < LAYERS - OWN_LAYERS
                        ? blob(RegistryStorage.LAYER, "shared-" + (image * 7 + layer) % SHARED)
                        : blob(RegistryStorage.LAYER, "layer-" + layer + "-of-" + image))
            .collect(Collectors.joining(","));
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
        .formatted(
            MediaTypes.OCI_MANIFEST, blob(MediaTypes.OCI_CONFIG, "config-of-" + image), layers)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String blob(String mediaType, String name) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(
            mediaType,
            Digest.sha256(name.getBytes(StandardCharsets.UTF_8)),
            1000 + name.hashCode() % 1000);
  }
}
