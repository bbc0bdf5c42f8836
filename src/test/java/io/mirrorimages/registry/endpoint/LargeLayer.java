package io.mirrorimages.registry.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.credential.Credentials;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.ParallelDownloadPolicy;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.route.MirrorRule;
import io.mirrorimages.route.Routes;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A layer that is worth fetching in four parts at once, and what it takes to save it. */
abstract class LargeLayer {
  static final String KEY = "this list";
  private static final int LEAST = 64 * 1024;
  static final int ABOUT = 1_000_001;

  final TestImages images = new TestImages();
  final Manifest manifest = images.image(TestImages.AMD64, images.layer("large", ABOUT));
  final Descriptor layer = manifest.layers().getFirst();
  final byte[] content = images.content(layer.digest());
  final int size = content.length;
  final int part = (size + 3) / 4;
  private final List<FaultyRegistry> servers = new ArrayList<>();
  final List<String> names = new ArrayList<>();
  FaultyRegistry origin;
  RegistrySettings settings = TestSettings.quick();
  ParallelDownloadPolicy segments = new ParallelDownloadPolicy(4, LEAST);
  int jobs = 3;
  // A permit for each byte.
  final Semaphore arrived = new Semaphore(0);
  ArchiveSpec spec;

  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    origin = server();
    names.add(origin.name() + "/team/app:1");
    spec = ArchiveSpec.of(folder.resolve("a.tar"));
  }

  @AfterEach
  void stop() {
    servers.forEach(FaultyRegistry::close);
  }

  FaultyRegistry server() throws IOException {
    FaultyRegistry server = new FaultyRegistry();
    servers.add(server);
    stock(server, "1", manifest);
    return server;
  }

  private void stock(FaultyRegistry server, String tag, Manifest top) {
    server.addManifest("team/app", tag, top.bytes(), top.mediaType());
    top.blobs().forEach(blob -> server.addBlob(images.content(blob.digest())));
  }

  /** Further images with a layer that is worth it. */
  void stockMore(int count) {
    for (int i = 2; i < count + 2; i++) {
      stock(origin, "" + i, images.image(TestImages.AMD64, images.layer("large " + i, ABOUT + i)));
      names.add(origin.name() + "/team/app:" + i);
    }
  }

  /** How a part, or what follows its first bytes, is asked for. */
  String partFrom(int number, int offset) {
    return "bytes=" + (number * part + offset) + "-" + (number < 3 ? (number + 1) * part - 1 : "");
  }

  static String range(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")).orElse("");
  }

  void begin(HttpExchange exchange, int from, int to, int sent) throws IOException {
    exchange
        .getResponseHeaders()
        .add("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
    exchange.sendResponseHeaders(206, to - from);
    exchange.getResponseBody().write(content, from, sent);
    exchange.getResponseBody().flush();
  }

  /** What was asked for of the first layer, in the order in which it came. */
  List<String> ranges(FaultyRegistry server) {
    return server.seen("GET", "/blobs/" + layer.digest()).stream()
        .map(seen -> seen.header("Range"))
        .toList();
  }

  byte[] bytes(Path archive) throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(archive);
        InputStream in = reader.open(Reference.parse(names.getFirst()).repository(), layer, 0)) {
      return in.readAllBytes();
    }
  }

  static void assertCopied(List<ImageResult> results) {
    assertThat(results)
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.status()).as(r.message()).isEqualTo(Status.COPIED));
  }

  List<ImageRequest> requests() {
    return names.stream().map(Reference::parse).map(r -> new ImageRequest(r, r)).toList();
  }

  Registries open(FaultyRegistry... mirrors) {
    if (mirrors.length == 0) {
      return new Registries(settings);
    }
    List<MirrorRule> rules =
        Arrays.stream(mirrors)
            .map(mirror -> MirrorRule.parse(origin.name() + "=" + mirror.url("")))
            .toList();
    return new Registries(
        settings,
        new Routing(
            Routes.of(rules, Optional.empty(), false),
            Credentials.none(),
            Resolve.ORIGIN,
            RunListener.NONE));
  }

  Mirror mirror(Registries side) {
    return new Mirror(
        new CountedSource(side.asSource(), arrived),
        new MirrorOptions(jobs, new PlatformFilter(List.of()), new Retries(3, Duration.ofMillis(1)))
            .with(segments),
        RunListener.NONE);
  }

  /** Saves through these mirrors; finishes the archive if all went well. */
  List<ImageResult> save(FaultyRegistry... mirrors) throws IOException {
    try (Registries side = open(mirrors);
        Mirror mirror = mirror(side)) {
      Plan plan = mirror.plan(requests());
      try (ArchiveWriter archive = ArchiveWriter.create(spec, plan, KEY)) {
        List<ImageResult> results = mirror.carryOut(plan, archive);
        if (results.stream().allMatch(r -> r.status() == Status.COPIED)) {
          archive.finish(plan.images());
        }
        return results;
      }
    }
  }
}
