package io.mirrorimages.registry.endpoint;

import io.mirrorimages.credential.Credentials;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.route.MirrorRule;
import io.mirrorimages.route.RegistriesFile;
import io.mirrorimages.route.Routes;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Seen;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry with two mirrors that have its image, and what it takes to copy that. */
abstract class TwoMirrors {
  static final String REPOSITORY = "team/app";

  final TestImages images = new TestImages();
  final Manifest manifest = images.image(TestImages.AMD64, images.layer("layer", 300_000));
  final Digest layer = manifest.layers().getFirst().digest();
  final List<String> hints = new ArrayList<>();
  final List<String> skipped = new CopyOnWriteArrayList<>();
  final List<FaultyRegistry> servers = new ArrayList<>();
  FaultyRegistry one;
  FaultyRegistry two;
  FaultyRegistry origin;
  Reference image;
  RegistrySettings settings;
  Resolve resolve = Resolve.ORIGIN;
  Credentials mirrorCredentials = Credentials.none();

  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    one = server();
    two = server();
    origin = server();
    image = Reference.parse(origin.name() + "/" + REPOSITORY + ":1");
    settings =
        TestSettings.quick()
            .with(
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(4), Duration.ofSeconds(5)));
  }

  @AfterEach
  void stop() {
    servers.forEach(FaultyRegistry::close);
  }

  private FaultyRegistry server() throws IOException {
    FaultyRegistry server = new FaultyRegistry();
    servers.add(server);
    stock(server, "1", manifest);
    return server;
  }

  void stock(FaultyRegistry server, String tag, Manifest top) {
    server.addManifest(REPOSITORY, tag, top.bytes(), top.mediaType());
    top.blobs().forEach(blob -> server.addBlob(images.content(blob.digest())));
  }

  List<MirrorRule> rules(FaultyRegistry... mirrors) {
    return Arrays.stream(mirrors)
        .map(mirror -> MirrorRule.parse(origin.name() + "=" + mirror.url("")))
        .toList();
  }

  static Routes routes(List<MirrorRule> rules, Optional<RegistriesFile> file) {
    return Routes.of(rules, file, false);
  }

  Routes file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("registries.yaml"), text);
    return routes(List.of(), Optional.of(RegistriesFile.read(file)));
  }

  private void note(RunEvent event) {
    if (event instanceof RunEvent.Hint hint) {
      hints.add(hint.text());
    } else if (event instanceof RunEvent.EndpointSkipped endpoint) {
      skipped.add(endpoint.endpoint());
    }
  }

  Registries open(Routes routes) {
    return new Registries(settings, new Routing(routes, mirrorCredentials, resolve, this::note));
  }

  ImageResult copy(List<MirrorRule> rules) throws IOException {
    return copy(routes(rules, Optional.empty()));
  }

  ImageResult copy(Routes routes) throws IOException {
    return copy(routes, List.of(image.toString())).getFirst();
  }

  List<ImageResult> copy(Routes routes, List<String> names) throws IOException {
    List<ImageRequest> requests =
        names.stream().map(Reference::parse).map(r -> new ImageRequest(r, r)).toList();
    Map<ImageRequest, ImageResult> results = new LinkedHashMap<>();
    try (Registries side = open(routes);
        Mirror mirror =
            new Mirror(
                side.asSource(),
                new MirrorOptions(
                    1, new PlatformFilter(List.of()), new Retries(3, Duration.ofMillis(1))),
                RunListener.NONE)) {
      mirror
          .carryOut(mirror.plan(requests), new MemoryRegistry().asTarget())
          .forEach(result -> results.put(result.request(), result));
    }
    return List.copyOf(results.values());
  }

  static List<String> methods(FaultyRegistry server) {
    // The one to /v2/ finds out whether it speaks TLS.
    return server.seen().stream()
        .filter(seen -> !seen.target().equals("/v2/"))
        .map(Seen::method)
        .toList();
  }
}
