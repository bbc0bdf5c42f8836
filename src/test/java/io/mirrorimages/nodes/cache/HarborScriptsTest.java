package io.mirrorimages.nodes.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import io.mirrorimages.testing.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts, run by the shell, at a server that answers as Harbor 2.14 does. */
class HarborScriptsTest {
  private static final String ADAPTERS = "[\"harbor\",\"docker-hub\",\"docker-registry\"]";

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> made = Collections.synchronizedList(new ArrayList<>());

  @TempDir private Path folder;
  private HttpServer server;
  private String host;

  @BeforeEach
  void serve() throws IOException {
    assumeTrue(Tool.isInstalled("curl"), "needs curl");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    host = "localhost:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void projectsAreMadeOnceWithTheAdapterThatTheServerHas() throws Exception {
    NodeSetup setup =
        NodeSetups.byHttp(
            NodeSetups.of(host, Mapping.Layout.BY_REGISTRY, "ghcr.io/a/b", "busybox"));
    String script = NodeSetups.file(new HarborProxy().configure(setup), "harbor-proxy-cache.sh");

    assertThat(run(script)).contains("made the endpoint ghcr.io of type docker-registry");
    assertThat(made)
        .containsExactly(
            "/api/v2.0/registries {\"name\": \"docker.io\", \"type\": \"docker-hub\","
                + " \"url\": \"https://hub.docker.com\", \"insecure\": false}",
            "/api/v2.0/projects {\"project_name\": \"docker.io\", \"registry_id\": 1,"
                + " \"metadata\": {\"public\": \"true\"}}",
            "/api/v2.0/registries {\"name\": \"ghcr.io\", \"type\": \"docker-registry\","
                + " \"url\": \"https://ghcr.io\", \"insecure\": false}",
            "/api/v2.0/projects {\"project_name\": \"ghcr.io\", \"registry_id\": 3,"
                + " \"metadata\": {\"public\": \"true\"}}");
    assertThat(run(script)).contains("the project ghcr.io is there");
    assertThat(made).hasSize(4);
    assertThat(requests).allMatch(request -> request.endsWith(" Basic YWRtaW46czNjcmV0"));
  }

  @Test
  void aSecondHarborPullsTheProject() throws Exception {
    NodeSetup setup = NodeSetups.of("h.io/proj", Mapping.Layout.FLAT);
    String script = NodeSetups.file(new HarborProxy().configure(setup), "harbor-replication.sh");

    run(script);

    assertThat(made.get(0)).contains("\"type\": \"harbor\", \"url\": \"https://h.io\"");
    assertThat(made.get(1))
        .startsWith("/api/v2.0/replication/policies {\"name\": \"mirror-images\"")
        .contains("\"src_registry\": {\"id\": 1}", "\"value\": \"proj/**\"");
  }

  private String run(String script) throws Exception {
    Path file = Files.writeString(folder.resolve("script"), script);
    Path login =
        Files.writeString(
            folder.resolve("netrc"), "machine localhost login admin password s3cret\n");
    return Tool.run(
        List.of("sh", file.toString()),
        Map.of("NETRC", login.toString(), "HARBOR", "http://" + host, "no_proxy", "localhost"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = exchange.getRequestURI().getQuery();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
    if (!body.isEmpty()) {
      made.add(path + " " + body.replace("\n ", ""));
      send(exchange, 201, "");
    } else if (path.endsWith("/adapters")) {
      send(exchange, 200, ADAPTERS);
    } else if (path.endsWith("/projects")) {
      send(exchange, has("project_name", query) > 0 ? 200 : 404, "");
    } else {
      int id = has("name", query.replaceFirst("^q=", ""));
      send(exchange, 200, id == 0 ? "[]" : "[{\"credential\":{},\"id\":" + id + "}]");
    }
  }

  /** The number of the object of this name; 0 if none was made. */
  private int has(String key, String query) {
    String name = query.substring(query.indexOf('=') + 1);
    for (int i = 0; i < made.size(); i++) {
      if (made.get(i).contains("\"" + key + "\": \"" + name + "\"")) {
        return i + 1;
      }
    }
    return 0;
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
