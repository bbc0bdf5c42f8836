package io.mirrorimages.cli;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A name server that is out of order for a while; a hosts file of the JVM stands for it. */
@Timeout(300)
class NameServerIT {
  private static final byte[] LAYER = "layer".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private FaultyRegistry server;
  private Path hosts;
  private String port;
  private String layer;

  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
    hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 registry.test\n");
    port = server.name().substring(server.name().indexOf(':'));
    String config = server.addBlob("{}".getBytes(StandardCharsets.UTF_8));
    layer = server.addBlob(LAYER);
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"a/b","digest":"%s","size":2},
        "layers":[{"mediaType":"application/octet-stream","digest":"%s","size":5}]}\
        """
            .formatted(MediaTypes.OCI_MANIFEST, config, layer);
    server.addManifest(
        "team/app", "v1", manifest.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_MANIFEST);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aNameThatCannotBeFoundForAWhileIsTriedAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    server.on(
        "GET",
        "/team/app/blobs/" + layer,
        exchange -> {
          if (asked.incrementAndGet() == 3) {
            Files.writeString(hosts, "127.0.0.1 registry.test\n127.0.0.1 data.test\n");
          }
          status(307, "", "Location: http://data.test" + port + "/v2/data/blobs/" + layer)
              .answer(exchange);
        });

    Command save = save();

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(asked).hasValueGreaterThanOrEqualTo(3);
  }

  @Test
  void anAddressThatWasFoundOnceGoesOnToBeUsed() throws Exception {
    server.on(
        "GET",
        "/team/app/manifests/",
        exchange -> {
          Files.writeString(hosts, "127.0.0.1 another.test\n");
          // Longer than the address is taken for fresh; and no connection is used again.
          pause(1500);
          exchange.getResponseHeaders().add("Connection", "close");
          server.properly(exchange);
        });

    Command save = save("--retries", "0");

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
  }

  private Command save(String... more) throws Exception {
    String image = "registry.test" + port + "/team/app:v1";
    Path list = Files.write(folder.resolve("images.txt"), List.of(image));
    // No option of the tool: the JVM's own stand-in for a name server, and a short memory.
    String java = "-Djdk.net.hosts.file=" + hosts + " -Dsun.net.inetaddr.ttl=1";
    List<Object> arguments = new java.util.ArrayList<>();
    arguments.addAll(List.of("save", "--plain-http", "--list", list, "--output", "images.tar"));
    arguments.addAll(List.of(more));
    return Program.in(folder)
        .after("export JDK_JAVA_OPTIONS='" + java + "'")
        .run(arguments.toArray());
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
