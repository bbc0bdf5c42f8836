package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.Nginx;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * Real servers one behind the other: a registry, a pull-through cache of it, and a reverse proxy
 * with TLS and a path in front of that.
 */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class MirrorChainIT {
  private static final int LAYER = 6_000_000;
  private static final int PER_SECOND = 4_000_000;

  @TempDir private Path folder;
  private DockerRegistry origin;
  private DockerRegistry cache;
  private Nginx proxy;
  private Path archive;

  @BeforeEach
  void start() throws IOException {
    origin = DockerRegistry.open();
    cache = DockerRegistry.cacheOf(origin);
    proxy = new Nginx(cache, PER_SECOND);
    archive = folder.resolve("out.tar");
    List<String> list = new ArrayList<>();
    TestImages images = new TestImages();
    try (Registries side = new Registries(RegistrySettings.defaults())) {
      for (String name : List.of("shell", "agent")) {
        String full = origin.name() + "/rancher/" + name + ":v1";
        images.store(
            images.plan(full, images.image(TestImages.AMD64, images.layer(name, LAYER))),
            side.asTarget());
        list.add(full);
      }
    }
    Files.write(folder.resolve("list.txt"), list);
    Files.writeString(
        folder.resolve("registries.yaml"),
        """
        mirrors:
          "%s":
            endpoint: ["https://%s/registries/hub"]
        configs:
          "%s":
            tls: {ca_file: %s}
        """
            .formatted(origin.name(), proxy.name(), proxy.name(), proxy.certificate()));
  }

  @AfterEach
  void stop() {
    proxy.close();
    cache.close();
    origin.close();
  }

  @Test
  void allContentComesThroughTheChain() throws Exception {
    Command save = Program.in(folder).run(save("--registries", "registries.yaml"));

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(save.complaints()).isEmpty();
    assertThat(servedBy()).containsOnly("https://" + proxy.name() + "/registries/hub");
    verified();
  }

  @Test
  void aPathOnTheCommandLineWorksTheSame() throws Exception {
    String mirror = origin.name() + "=https://" + proxy.name() + "/hub";
    Command save =
        Program.in(folder).run(save("--mirror", mirror, "--ca-file", proxy.certificate()));

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    // Whoever names an authority means https, which this registry does not speak.
    assertThat(save.complaints()).singleElement().asString().contains("does not speak https");
    assertThat(servedBy()).containsOnly("https://" + proxy.name() + "/v2/hub");
    verified();
  }

  @Test
  void whatTheCacheHasIsThereWithoutTheRegistry() throws Exception {
    // A cache that is asked by digest alone does not learn the tags.
    Command first =
        Program.in(folder).run(save("--registries", "registries.yaml", "--resolve", "mirror"));
    assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
    Files.delete(archive);
    origin.stop();

    Command save = Program.in(folder).run(save("--registries", "registries.yaml"));

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(save.complaints())
        .singleElement()
        .asString()
        .contains(origin.name() + " can't be asked for its tags");
    verified();
  }

  @Test
  void theProxyIsKilledAndComesBackWhileASaveRuns() throws Exception {
    Program.Running running = Program.in(folder).start(save("--registries", "registries.yaml"));
    awaitBytes(running, LAYER / 4);
    proxy.kill();
    awaitBytes(running, LAYER);
    proxy.start();
    Command save = running.end();

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    assertThat(servedBy()).contains("https://" + proxy.name() + "/registries/hub", origin.name());
    assertThat(report().toString()).contains("broke off: ");
    verified();
  }

  @Test
  void theCacheIsKilledAndComesBackWhileASaveRuns() throws Exception {
    Program.Running running = Program.in(folder).start(save("--registries", "registries.yaml"));
    awaitBytes(running, LAYER / 4);
    cache.stop();
    awaitBytes(running, LAYER);
    cache.start();
    Command save = running.end();

    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
    verified();
  }

  private static Object[] save(Object... more) {
    List<Object> all =
        new ArrayList<>(
            List.of(
                "save", "--list", "list.txt", "--output", "out.tar", "--report", "report.json"));
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  /** The layers are random, and the archive is filled in place; a whole one has enough. */
  private void awaitBytes(Program.Running running, int bytes) throws Exception {
    while (!Files.exists(archive) && filled() < bytes) {
      if (!running.process().isAlive() && !Files.exists(archive)) {
        throw new AssertionError("it ended before: " + running.end());
      }
      Thread.sleep(20);
    }
  }

  private int filled() throws IOException {
    int there = 0;
    try {
      for (byte b : Files.readAllBytes(folder.resolve("out.tar.partial"))) {
        there += b == 0 ? 0 : 1;
      }
    } catch (NoSuchFileException e) {
      // Not begun, or whole.
    }
    return there;
  }

  private JsonNode report() throws IOException {
    return io.mirrorimages.image.Json.parse(
        Files.readAllBytes(folder.resolve("report.json")), "the report");
  }

  private List<String> servedBy() throws IOException {
    List<String> all = new ArrayList<>();
    for (JsonNode image : report().path("images")) {
      image.path("servedBy").forEach(one -> all.add(one.asString()));
    }
    return all;
  }

  private void verified() {
    Command verify =
        Command.run("verify", "--archive", archive, "--failed", folder.resolve("failed.txt"));
    assertThat(verify.exitCode()).as(verify.out() + verify.err()).isZero();
  }
}
