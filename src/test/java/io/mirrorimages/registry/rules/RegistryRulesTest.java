package io.mirrorimages.registry.rules;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.upload.Chunks;
import io.mirrorimages.state.OpenUploads;
import io.mirrorimages.testing.ChunkRegistry;
import io.mirrorimages.testing.ChunkRegistry.Kind;
import io.mirrorimages.testing.ChunkRegistry.Limits;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Seen;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules of each kind of registry change, at registries that have its limits. */
@Timeout(120)
class RegistryRulesTest {
  private static final int MIB = 1 << 20;
  private static final long ANY = Long.MAX_VALUE;

  private ChunkRegistry registry;
  private Registries registries;

  @BeforeEach
  void start() throws IOException {
    registry = new ChunkRegistry(Kind.DISTRIBUTION_3);
  }

  @AfterEach
  void close() {
    if (registries != null) {
      registries.close();
    }
    registry.close();
  }

  // Uploads

  @Test
  void ecrGetsChunksOfFiveMebibytesWhereSmallerOnesAreAskedFor() throws IOException {
    registry.limits(new Limits(5 * MIB, ANY, ANY));
    registry.ready();
    byte[] bytes = bytes(12 * MIB);

    upload(target("1.dkr.ecr.eu-west-1.amazonaws.com", Chunks.of(MIB)), bytes);

    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(lengths("PATCH")).containsExactly("5242880", "5242880", "2097152");
  }

  @Test
  void ecrMayAnswerEachPartWith201() throws IOException {
    registry
        .registry()
        .on(
            "PATCH",
            "/uploads/",
            exchange -> {
              exchange.getRequestBody().readAllBytes();
              String range = exchange.getRequestHeaders().getFirst("Content-Range");
              FaultyRegistry.respond(
                  exchange,
                  201,
                  new byte[0],
                  "Location: " + exchange.getRequestURI(),
                  "Range: 0-" + range.replaceFirst(".*-", ""));
            })
        .on("PUT", "/uploads/", status(201, ""));
    registry.ready();

    upload(target("1.dkr.ecr.eu-west-1.amazonaws.com", Chunks.of(5 * MIB)), bytes(12 * MIB));

    assertThat(lengths("PATCH")).containsExactly("5242880", "5242880", "2097152");
    assertThat(lengths("PUT")).containsExactly("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ghcr.io", "europe-west3-docker.pkg.dev", "gcr.io"})
  void whereChunksAreRefusedNoneIsTried(String host) throws IOException {
    registry.limits(new Limits(0, 0, ANY));
    registry.ready();
    byte[] bytes = bytes(400_000);

    upload(target(host, Chunks.of(100_000)), bytes);

    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(lengths("PATCH")).isEmpty();
    assertThat(lengths("PUT")).containsExactly("400000");
    assertThat(registry.begun()).isEqualTo(1);
  }

  @Test
  void azureGetsInChunksWhatIsTooLargeForOnePut() throws IOException {
    registry.limits(new Limits(0, 10 * MIB, 20_000_000));
    registry.ready();
    byte[] large = bytes(21 * MIB);
    byte[] small = bytes(16 * MIB);
    ImageTarget target = target("site.azurecr.io", Chunks.DEFAULT);

    upload(target, large);
    upload(target, small);

    assertThat(blob(large)).isEqualTo(large);
    assertThat(blob(small)).isEqualTo(small);
    assertThat(lengths("PATCH")).containsExactly("10485760", "10485760", "1048576");
    assertThat(lengths("PUT")).containsExactly("0", "16777216");
  }

  @Test
  void withoutItsRuleOneRefusalTellsThatRequestsHaveToBeSmaller() throws IOException {
    registry.limits(new Limits(0, 10 * MIB, 20_000_000));
    registry.ready();
    byte[] bytes = bytes(21 * MIB);
    ImageTarget target = target("harbor.example.com", Chunks.DEFAULT);

    upload(target, bytes);
    upload(target, bytes(6 * MIB));

    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(lengths("PUT")).containsExactly("22020096", "0", "0");
    assertThat(lengths("PATCH").getFirst()).isEqualTo("5505024");
    assertThat(lengths("PATCH")).hasSize(6);
  }

  @Test
  void aBlobThatIsTooLargeForOnePutIsCutAlsoBelowTheChunksThreshold() throws IOException {
    registry.limits(new Limits(0, ANY, 150_000));
    registry.ready();
    byte[] bytes = bytes(200_000);

    upload(
        target(with(new RegistryRules.UploadRules(true, 0, ANY, 150_000, ANY)), Chunks.DEFAULT),
        bytes);

    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(lengths("PATCH")).containsExactly("200000");
    assertThat(lengths("PUT")).containsExactly("0");
  }

  @Test
  void aRegistryThatAsksForLargerChunksThanItIsKnownToTakeGetsWhatItAsksFor() throws IOException {
    registry.leastChunk(300_000);
    registry.ready();
    byte[] bytes = bytes(500_000);

    upload(
        target(with(new RegistryRules.UploadRules(true, 0, 100_000, ANY, ANY)), Chunks.of(200_000)),
        bytes);

    assertThat(lengths("PATCH")).containsExactly("300000", "200000");
  }

  // What is met without a rule

  @Test
  void nexusMayNameItsTokensWithoutAScopeAndWithThePortTwice() throws IOException {
    FaultyRegistry nexus = registry.registry();
    String port = registry.name().replaceFirst(".*:", ":");
    nexus.on("GET", "/v2/token", status(200, "{\"token\":\"t\"}"));
    nexus.unlessAuthorized(
        "Bearer t"::equals,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          FaultyRegistry.respond(
              exchange,
              401,
              new byte[0],
              "WWW-Authenticate: Bearer realm=\"http://127.0.0.1"
                  + port
                  + port
                  + "/v2/token\",service=\"http://127.0.0.1"
                  + port
                  + port
                  + "/v2/token\"");
        });
    registry.ready();
    byte[] bytes = bytes(1000);

    upload(target("nexus.example.com", Chunks.DEFAULT), bytes);

    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(nexus.seen("GET", "/v2/token"))
        .singleElement()
        .extracting(Seen::target)
        .asString()
        .contains("scope=repository%3Arancher%2Fa%3Apull%2Cpush");
  }

  @Test
  void artifactoryMayRefuseToGiveAnUploadUp() throws IOException {
    registry.registry().on("DELETE", "/uploads/", status(403, ""));
    registry.limits(new Limits(0, 0, ANY));
    registry.ready();
    byte[] bytes = bytes(300_000);

    upload(target("artifactory.example.com", Chunks.of(100_000)), bytes);

    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(registry.registry().seen("DELETE", "/uploads/")).hasSize(1);
  }

  // Plans

  @Test
  void anImageWithALargerLayerThanTheRegistryTakesFailsBeforeAnythingIsSent() throws IOException {
    registry.ready();
    TestImages images = new TestImages();
    MemoryRegistry source = new MemoryRegistry();
    Manifest large =
        images.image(TestImages.AMD64, images.layer("small", 1000), images.layer("large", 200_000));
    Manifest fine = images.image(TestImages.AMD64, images.layer("fine", 2000));
    source.add(images, "rancher/large:1", large);
    source.add(images, "rancher/fine:1", fine);
    ImageTarget target =
        target(with(new RegistryRules.UploadRules(true, 0, ANY, ANY, 150_000)), Chunks.DEFAULT);

    List<ImageResult> results;
    try (Mirror mirror =
        new Mirror(
            source,
            new MirrorOptions(1, PlatformFilter.ALL, new Retries(0, Duration.ZERO)),
            RunListener.NONE)) {
      Mirror.Transfer transfer =
          mirror.plan(List.of(request("rancher/large:1"), request("rancher/fine:1")), target);
      assertThat(transfer.plan().settled())
          .extracting(ImageResult::status)
          .containsOnly(Status.FAILED);
      assertThat(registry.begun()).isZero();
      results = transfer.carryOut();
    }

    assertThat(results)
        .extracting(ImageResult::status)
        .containsExactly(Status.FAILED, Status.COPIED);
    assertThat(results.getFirst().reason()).contains(FailureKind.UNSUPPORTED);
    assertThat(results.getFirst().toString())
        .contains(
            "takes no layer of more than 150000 bytes",
            large.layers().getLast().digest().toString());
    assertThat(source.requests("OPEN")).noneMatch(o -> o.contains("rancher/large"));
  }

  @Test
  void repositoriesThatAPushDoesNotMakeAreAskedForOnce() throws IOException {
    registry.registry().on("GET", "/v2/there/a/tags/list", status(200, "{\"tags\":[]}"));
    registry.registry().on("GET", "/v2/closed/a/tags/list", status(403, ""));
    registry.registry().on("GET", "/tags/list", status(404, nameUnknown()));

    assertThat(absent("1.dkr.ecr.eu-west-1.amazonaws.com"))
        .containsExactly("missing/a", "missing/b");
    assertThat(registry.registry().seen("GET", "/tags/list")).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ghcr.io", "harbor.example.com"})
  void whereAPushMakesThemNobodyAsks(String host) {
    assertThat(absent(host)).isEmpty();
    assertThat(registry.registry().seen()).isEmpty();
  }

  private Iterable<String> absent(String host) {
    target(host, Chunks.DEFAULT);
    return registries.absent(
        registry.name(),
        List.of("missing/b", "missing/a", "there/a", "closed/a", "missing/a").stream()
            .map(path -> new Repository(registry.name(), path))
            .toList());
  }

  // Messages

  @Test
  void anUploadToARepositoryThatIsMissingAtEcrSaysWhatToDo() {
    registry.registry().on("POST", "/uploads/", status(404, nameUnknown()));

    assertThatThrownBy(
            () -> upload(target("1.dkr.ecr.eu-west-1.amazonaws.com", Chunks.DEFAULT), bytes(10)))
        .hasMessageContainingAll("NAME_UNKNOWN", "create the repository first");
    assertThatThrownBy(() -> upload(target("harbor.example.com", Chunks.DEFAULT), bytes(10)))
        .hasMessageContaining("NAME_UNKNOWN")
        .hasMessageNotContaining("create the repository");
  }

  @Test
  void nobodyIsToCreateARepositoryInOrderToReadFromIt() {
    registry.registry().on("GET", "/blobs/", status(404, nameUnknown()));
    target("1.dkr.ecr.eu-west-1.amazonaws.com", Chunks.DEFAULT);
    Descriptor blob = new Descriptor("", Digest.sha256(new byte[1]), 1);

    assertThatThrownBy(
            () -> registries.asSource().open(image().repository(), blob, 0).readAllBytes())
        .hasMessageContaining("NAME_UNKNOWN")
        .hasMessageNotContaining("create the repository");
  }

  @Test
  void aTokenThatNexusRefusesSaysWhatToDo() {
    for (String method : List.of("HEAD", "GET")) {
      registry
          .registry()
          .on(method, "/manifests/", status(401, "", "Server: Nexus/3.87.1-01 (PRO)"));
    }

    assertThatThrownBy(() -> target("nexus.example.com", Chunks.DEFAULT).resolve(image()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("Docker Bearer Token Realm");
  }

  @Test
  void mediaTypesThatZotRefusesSayWhatToDo() {
    registry.registry().on("PUT", "/manifests/", status(415, ""));
    Manifest manifest = new TestImages().image(TestImages.AMD64);

    assertThatThrownBy(() -> target("zot.example.com", Chunks.DEFAULT).put(image(), manifest))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("415", "\"compat\": [\"docker2s2\"]");
  }

  private Reference image() {
    return Reference.parse(registry.name() + "/rancher/a:1");
  }

  private ImageRequest request(String name) {
    return new ImageRequest(Reference.parse(name), Reference.parse(registry.name() + "/" + name));
  }

  private static String nameUnknown() {
    return "{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"no such repository\"}]}";
  }

  /** The registry of the test with the rules that hold for {@code host}. */
  private ImageTarget target(String host, Chunks chunks) {
    return target(KnownRegistries.standard().of(host), chunks);
  }

  private ImageTarget target(RegistryRules rules, Chunks chunks) {
    if (registries != null) {
      registries.close();
    }
    KnownRegistries known = KnownRegistries.standard();
    if (!rules.hosts().isEmpty()) {
      known = known.with(at(registry.name(), rules));
    }
    registries = new Registries(TestSettings.quick().with(known));
    return registries.asTarget(chunks, OpenUploads.inMemory());
  }

  private static RegistryRules at(String host, RegistryRules rules) {
    return new RegistryRules(
        rules.name(),
        List.of(host),
        "",
        rules.names(),
        rules.uploads(),
        rules.makesRepositories(),
        rules.advice(),
        "",
        "");
  }

  private static RegistryRules with(RegistryRules.UploadRules uploads) {
    return new RegistryRules(
        "The test's", List.of("h"), "", RegistryRules.Names.ANY, uploads, true, Map.of(), "", "");
  }

  private void upload(ImageTarget target, byte[] bytes) throws IOException {
    Descriptor blob = new Descriptor("", Digest.sha256(bytes), bytes.length);
    Repository repository = new Repository(registry.name(), "rancher/a");
    try (BlobUpload upload = target.begin(repository, blob, Optional.empty())) {
      upload.send(new ByteArrayInputStream(bytes));
    }
  }

  private List<String> lengths(String method) {
    return registry.registry().seen(method, "/uploads/").stream()
        .map((Seen seen) -> seen.header("Content-Length"))
        .toList();
  }

  private byte[] blob(byte[] bytes) {
    return registry.registry().blob(FaultyRegistry.sha256(bytes));
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
