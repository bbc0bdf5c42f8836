package io.mirrorimages.registry.upload;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
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
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.LocalSource;
import io.mirrorimages.mirror.port.ResumableUpload;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.state.OpenUpload;
import io.mirrorimages.state.OpenUploads;
import io.mirrorimages.state.StateFolder;
import io.mirrorimages.testing.Cable;
import io.mirrorimages.testing.ChunkRegistry;
import io.mirrorimages.testing.ChunkRegistry.Kind;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Seen;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.UploadProxy;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Uploads in chunks to registries of each kind, through lines that break, and gone on with by
 * another run.
 */
@Timeout(120)
class ChunkedUploadTest {
  private static final int CHUNK = 100_000;
  private static final Chunks CHUNKS = Chunks.of(CHUNK);

  @TempDir private Path state;
  private final TestImages images = new TestImages();
  private final List<AutoCloseable> open = new ArrayList<>();
  private ChunkRegistry registry;
  private UploadProxy proxy;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  // The requests

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aLargeBlobGoesUpInChunksAndIsEndedByAnEmptyPut(Kind kind) throws IOException {
    start(kind);
    byte[] bytes = bytes(350_001);

    upload(target(3), bytes);

    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(proxy.patches())
        .containsExactly("0-99999", "100000-199999", "200000-299999", "300000-350000");
    assertThat(registry.registry().seen("PATCH", ""))
        .extracting(patch -> patch.header("Content-Length"))
        .containsExactly("100000", "100000", "100000", "50001");
    assertThat(registry.registry().seen("PATCH", ""))
        .extracting(patch -> patch.header("Content-Type"))
        .containsOnly("application/octet-stream");
    Seen put = registry.registry().seen("PUT", "/uploads/").getFirst();
    assertThat(put.header("Content-Length")).isEqualTo("0");
    assertThat(put.header("Content-Range")).isEmpty();
    assertThat(registry.registry().seen("GET", "/uploads/")).isEmpty();
    assertThat(registry.registry().seen("DELETE", "")).isEmpty();
  }

  @Test
  void aBlobBelowTheThresholdIsOnePut() throws IOException {
    start(Kind.DISTRIBUTION_2);
    byte[] bytes = bytes(2 * CHUNK - 1);
    upload(target(3), bytes);
    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(proxy.patches()).isEmpty();
  }

  @Test
  void chunksAreAsLargeAsTheRegistryWantsThem() throws IOException {
    start(Kind.DISTRIBUTION_3);
    registry.leastChunk(150_000);
    byte[] bytes = bytes(350_000);
    upload(target(3), bytes);
    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(proxy.patches()).containsExactly("0-149999", "150000-299999", "300000-349999");
  }

  @Test
  void aRegistryThatTakesNoChunksGetsTheBlobInOnePut() throws IOException {
    begin(Kind.DISTRIBUTION_3);
    registry.registry().on("PATCH", "/uploads/", refusal(416));
    ready();
    ImageTarget target = target(0);
    byte[] first = bytes(300_000);
    byte[] second = bytes(300_001);

    upload(target, first);
    upload(target, second);

    assertThat(blob(first)).isEqualTo(first);
    assertThat(blob(second)).isEqualTo(second);
    assertThat(registry.registry().seen("PATCH", "")).hasSize(1);
    assertThat(registry.sessions()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 405, 411, 415, 422, 500, 501, 503})
  void howeverChunksAreRefusedTheBlobIsSentInOnePut(int status) throws IOException {
    begin(Kind.DISTRIBUTION_2);
    registry.registry().on("PATCH", "/uploads/", refusal(status));
    ready();
    byte[] bytes = bytes(300_000);

    upload(target(1), bytes);

    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(registry.sessions()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, CHUNK, 1_000_000})
  void whatARegistrySaysBesideTakingAChunkIsNotBelieved(long bytes) throws IOException {
    start(Kind.DISTRIBUTION_2);
    registry.alwaysSays(bytes);
    byte[] content = bytes(350_000);

    upload(target(0), content);

    assertThat(blob(content)).isEqualTo(content);
    assertThat(proxy.patches()).hasSize(4);
    assertThat(registry.begun()).isOne();
  }

  /** It says 202 to the second chunk, and keeps nothing of it. */
  @Test
  void whatWasTakenAndIsNotThereIsSentInOnePiece() throws IOException {
    begin(Kind.DISTRIBUTION_3);
    registry
        .registry()
        .on(
            "PATCH",
            "_state=100000",
            e -> {
              e.getRequestBody().readAllBytes();
              FaultyRegistry.respond(e, 202, new byte[0], "Range: 0-99999");
            });
    ready();
    TestImages.Layer layer = image(350_000);

    assertThat(mirror(source(layer), target(0)).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    assertThat(registry.begun()).isEqualTo(3);
  }

  @Test
  void aRegistryThatTakesOneChunkOnlyGetsTheBlobInOnePutAtTheNextTry() throws IOException {
    begin(Kind.DISTRIBUTION_3);
    registry.registry().on("PATCH", "_state=100000", refusal(400));
    ready();
    TestImages.Layer layer = image(400_000);

    assertThat(mirror(source(layer), target(0)).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    assertThat(proxy.patches()).hasSize(2);
    assertThat(registry.sessions()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void chunksAndTheEndGoWhereTheRegistrySendsThem(int status) throws IOException {
    begin(Kind.DISTRIBUTION_2);
    for (String method : List.of("PATCH", "PUT")) {
      registry
          .registry()
          .on(
              method,
              "/uploads/",
              1,
              e -> {
                e.getRequestBody().readAllBytes();
                FaultyRegistry.respond(e, status, new byte[0], "Location: " + e.getRequestURI());
              });
    }
    ready();
    byte[] chunks = bytes(350_000);
    byte[] one = bytes(1000);

    upload(target(0), chunks);
    upload(target(0), one);

    assertThat(blob(chunks)).isEqualTo(chunks);
    assertThat(blob(one)).isEqualTo(one);
    assertThat(registry.registry().seen("PATCH", "")).hasSize(5);
    assertThat(registry.registry().seen("PUT", "")).hasSize(3);
    assertThat(registry.begun()).isEqualTo(2);
  }

  @Test
  void theSessionOfARefusedMountIsUsed() throws IOException {
    start(Kind.DISTRIBUTION_2);
    byte[] bytes = bytes(300_000);
    Repository other = new Repository(proxy.name(), "rancher/b");
    Descriptor blob = new Descriptor("", Digest.sha256(bytes), bytes.length);
    try (BlobUpload upload = target(3).begin(repository(), blob, Optional.of(other))) {
      upload.send(new ByteArrayInputStream(bytes));
    }
    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(registry.begun()).isEqualTo(1);
    assertThat(registry.sessions()).isZero();
  }

  @Test
  void aMountThatWorksNeedsNoUpload() throws IOException {
    start(Kind.DISTRIBUTION_2);
    byte[] bytes = bytes(300_000);
    registry.registry().addBlob(bytes);
    Repository other = new Repository(proxy.name(), "rancher/b");
    Descriptor blob = new Descriptor("", Digest.sha256(bytes), bytes.length);
    try (BlobUpload upload = target(3).begin(repository(), blob, Optional.of(other))) {
      assertThat(upload.mounted()).isTrue();
    }
    assertThat(registry.begun()).isZero();
  }

  @Test
  void theTokenMayRunOutBetweenChunks() throws IOException {
    begin(Kind.DISTRIBUTION_2);
    AtomicInteger patches = new AtomicInteger();
    registry
        .registry()
        .on(
            "PATCH",
            "_state=200000",
            1,
            e -> {
              patches.incrementAndGet();
              e.getRequestBody().readAllBytes();
              FaultyRegistry.respond(e, 401, new byte[0], "WWW-Authenticate: Basic realm=\"x\"");
            });
    ready();
    byte[] bytes = bytes(350_000);
    upload(target(1), bytes);
    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(patches).hasValue(1);
    assertThat(registry.begun()).isEqualTo(1);
  }

  // Lines that break

  @Test
  void distribution3GoesOnAtTheByteWhereAChunkBroke() throws IOException {
    start(Kind.DISTRIBUTION_3);
    TestImages.Layer layer = image(400_000);
    MemoryRegistry source = source(layer);
    proxy.cut(2, 60_000);

    assertThat(mirror(source, target(3)).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    assertThat(registry.begun()).isLessThanOrEqualTo(2); // The other one is the config's.
    // What was read of the chunk that broke is read again: nothing before it.
    assertThat(opened(source, layer)).containsExactly(0L, (long) CHUNK);
    assertThat(proxy.sent()).isBetween(size(layer), size(layer) + CHUNK);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aLineThatCutsEachConnectionCostsOneTryAtMost(Kind kind) throws IOException {
    start(kind);
    TestImages.Layer layer = image(1_500_000);
    String name = proxy.name();
    Cable line = new Cable(Integer.parseInt(name.substring(name.indexOf(':') + 1)));
    open.add(line);
    line.cutAfter(250_000);

    assertThat(mirror(source(layer), target(1), line.name()).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    assertThat(line.sent()).isBetween(size(layer), size(layer) + 400_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLineThatCutsTheSmallestRequestsARegistryTakesEndsTheTries(boolean chunks)
      throws IOException {
    begin(Kind.DISTRIBUTION_2);
    if (chunks) {
      registry.leastChunk(300_000);
    } else {
      registry.registry().on("PATCH", "/uploads/", refusal(416));
    }
    ready();
    String name = proxy.name();
    Cable line = new Cable(Integer.parseInt(name.substring(name.indexOf(':') + 1)));
    open.add(line);
    line.cutAfter(200_000);

    ImageResult ended = mirror(source(image(1_500_000)), target(1), line.name());

    assertThat(ended.status()).isEqualTo(Status.FAILED);
    assertThat(ended.reason()).contains(FailureKind.NETWORK);
    if (chunks) {
      assertThat(ended.toString()).contains("connections to it break in requests of ");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"DISTRIBUTION_2", "ZOT"})
  void othersLoseTheUploadWithABrokenChunkAndItBeginsAgain(Kind kind) throws IOException {
    start(kind);
    TestImages.Layer layer = image(400_000);
    MemoryRegistry source = source(layer);
    proxy.cut(3, 60_000);

    assertThat(mirror(source, target(3)).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    assertThat(opened(source, layer)).containsExactly(0L, 0L);
    assertThat(proxy.patches()).filteredOn(range -> range.startsWith("0-")).hasSize(2);
  }

  @Test
  void aChunkOfWhichNothingArrivedIsSentAgainAlone() throws IOException {
    begin(Kind.DISTRIBUTION_2);
    registry
        .registry()
        .on(
            "PATCH",
            "_state=100000",
            2,
            e -> {
              throw new IOException("broken by the test");
            });
    ready();
    TestImages.Layer layer = image(400_000);
    MemoryRegistry source = source(layer);

    assertThat(mirror(source, target(3)).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    assertThat(opened(source, layer)).containsExactly(0L, (long) CHUNK, (long) CHUNK);
    assertThat(proxy.patches()).filteredOn(range -> range.startsWith("0-")).hasSize(1);
  }

  @Test
  void aChunkWhoseAnswerWasLostIsNotSentAgainWhereTheRegistrySaysItHasIt() throws IOException {
    start(Kind.DISTRIBUTION_3);
    byte[] bytes = bytes(350_000);
    proxy.loseAnswer(2);
    upload(target(3), bytes);
    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(proxy.sent()).isEqualTo(350_000);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aLostAnswerToTheClosingPutIsFoundOutByHead(Kind kind) throws IOException {
    begin(kind);
    byte[] bytes = bytes(350_000);
    registry
        .registry()
        .on(
            "PUT",
            "/uploads/",
            1,
            e -> {
              registry.purge();
              registry.registry().addBlob(bytes);
              throw new IOException("answer lost by the test");
            });
    ready();
    upload(target(3), bytes);
    // On a kept connection it can't be told from one that was closed before; the second finds none.
    assertThat(registry.registry().seen("PUT", "/uploads/")).hasSize(2);
    assertThat(registry.registry().seen("HEAD", "/blobs/")).hasSize(1);
  }

  @Test
  void aSourceThatBreaksInAChunkDoesNotDisturbTheUpload() throws IOException {
    start(Kind.DISTRIBUTION_2);
    TestImages.Layer layer = image(400_000);
    MemoryRegistry source =
        new MemoryRegistry() {
          @Override
          public InputStream open(Repository repository, Descriptor blob, long offset)
              throws IOException {
            return breakingAfter(130_000, super.open(repository, blob, offset));
          }
        };
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, layer));

    assertThat(mirror(source, target(3)).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    assertThat(opened(source, layer)).containsExactly(0L, 130_000L, 260_000L, 390_000L);
    assertThat(proxy.sent()).isLessThan(size(layer) + 10_000);
    assertThat(registry.registry().seen("GET", "/uploads/")).isEmpty();
  }

  @Test
  void aSourceThatIsWrongLeavesNoUploadBehind() throws IOException {
    start(Kind.DISTRIBUTION_3);
    TestImages.Layer layer = image(400_000);
    MemoryRegistry source = source(layer);
    byte[] spoilt = images.content(layer.descriptor().digest()).clone();
    spoilt[5] ^= 1;
    source.spoil("rancher/a", layer.descriptor().digest(), spoilt);

    try (OpenUploads uploads = uploads()) {
      assertThat(mirror(source, target(3, uploads)).status()).isEqualTo(Status.FAILED);
      assertThat(uploads.find(repository(), layer.descriptor().digest())).isEmpty();
    }
    assertThat(registry.sessions()).isZero();
  }

  // Another run

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anotherRunGoesOnAtTheChunkAndReadsOnlyTheRest(Kind kind) throws IOException {
    begin(kind);
    failAfterTwoChunks();
    ready();
    TestImages.Layer layer = image(400_000);
    firstRun(layer);
    MemoryRegistry source = source(layer);
    proxy.forget();

    ImageResult result = secondRun(source);

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertArrived(layer);
    assertThat(opened(source, layer)).containsExactly(2L * CHUNK);
    assertThat(proxy.patches().getFirst()).isEqualTo("200000-299999");
    assertThat(proxy.sent()).isLessThanOrEqualTo(size(layer) - 2 * CHUNK + 10_000);
    assertThat(result.bytes()).isLessThanOrEqualTo(size(layer) - 2 * CHUNK + 10_000);
    try (OpenUploads uploads = uploads()) {
      assertThat(uploads.find(repository(), layer.descriptor().digest())).isEmpty();
    }
  }

  @Test
  void aSourceOnThisMachineIsHashedAgainFromItsBeginning() throws IOException {
    begin(Kind.DISTRIBUTION_2);
    failAfterTwoChunks();
    ready();
    TestImages.Layer layer = image(400_000);
    firstRun(layer);
    MemoryRegistry source = new LocalRegistry();
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, layer));
    proxy.forget();

    assertThat(secondRun(source).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    assertThat(opened(source, layer)).containsExactly(0L, 2L * CHUNK);
    assertThat(proxy.patches().getFirst()).isEqualTo("200000-299999");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anUploadThatTheRegistryHasClearedAwayBeginsAgain(Kind kind) throws IOException {
    begin(kind);
    failAfterTwoChunks();
    ready();
    TestImages.Layer layer = image(400_000);
    firstRun(layer);
    registry.purge();
    proxy.forget();

    assertThat(secondRun(source(layer)).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    assertThat(proxy.patches().getFirst()).isEqualTo("0-99999");
  }

  @Test
  void aNoteThatIsNoAddressCountsNothing() throws IOException {
    start(Kind.DISTRIBUTION_3);
    byte[] bytes = bytes(300_000);
    Descriptor blob = new Descriptor("", Digest.sha256(bytes), bytes.length);
    try (OpenUploads uploads = uploads()) {
      uploads.note(repository(), blob.digest(), new OpenUpload("file:///etc/passwd", CHUNK, 0));
      try (BlobUpload upload = target(0, uploads).begin(repository(), blob, Optional.empty())) {
        assertThat(ResumableUpload.of(upload).kept()).isZero();
        upload.send(new ByteArrayInputStream(bytes));
      }
    }
    assertThat(blob(bytes)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatTheRegistryKeptWrongIsFoundOutAndAllIsSentAgainWithoutARetry(Kind kind)
      throws IOException {
    begin(kind);
    failAfterTwoChunks();
    ready();
    TestImages.Layer layer = image(400_000);
    firstRun(layer);
    registry.spoil();
    MemoryRegistry source = source(layer);
    proxy.forget();

    try (OpenUploads uploads = uploads()) {
      assertThat(mirror(source, target(0, uploads)).status()).isEqualTo(Status.COPIED);
    }

    assertArrived(layer);
    assertThat(opened(source, layer)).containsExactly(2L * CHUNK, 0L);
  }

  @Test
  void distribution3GoesOnWithinTheChunkThatARunLeft() throws IOException {
    start(Kind.DISTRIBUTION_3);
    TestImages.Layer layer = image(400_000);
    // A run that is killed in the middle of its third chunk.
    proxy.cut(3, 70_000);
    try (OpenUploads uploads = uploads()) {
      catchThrowable(
          () -> {
            try (BlobUpload upload =
                target(0, uploads).begin(repository(), layer.descriptor(), Optional.empty())) {
              upload.send(new ByteArrayInputStream(images.content(layer.descriptor().digest())));
            }
          });
      assertThat(uploads.find(repository(), layer.descriptor().digest())).isPresent();
    }
    proxy.forget();

    assertThat(secondRun(source(layer)).status()).isEqualTo(Status.COPIED);

    assertArrived(layer);
    long from = Long.parseLong(proxy.patches().getFirst().replaceFirst("-.*", ""));
    assertThat(from).isBetween(2L * CHUNK, 2L * CHUNK + 70_000);
  }

  @Test
  void allChunksThereOnlyTheEndIsAskedFor() throws IOException {
    begin(Kind.DISTRIBUTION_2);
    registry.registry().on("PUT", "/uploads/", 1, status(500, ""));
    ready();
    byte[] bytes = bytes(300_000);
    try (OpenUploads uploads = uploads()) {
      assertThat(catchThrowable(() -> upload(target(0, uploads), bytes))).isNotNull();
    }
    proxy.forget();
    try (OpenUploads uploads = uploads();
        BlobUpload upload =
            target(0, uploads)
                .begin(
                    repository(),
                    new Descriptor("", Digest.sha256(bytes), bytes.length),
                    Optional.empty())) {
      assertThat(ResumableUpload.of(upload).kept()).isEqualTo(300_000);
      upload.send(InputStream.nullInputStream());
    }
    assertThat(blob(bytes)).isEqualTo(bytes);
    assertThat(proxy.patches()).isEmpty();
  }

  @Test
  void whatIsNotNotedIsNotLeftOpen() throws IOException {
    begin(Kind.DISTRIBUTION_2);
    registry.registry().on("PATCH", "/uploads/", refusal(503));
    registry.registry().on("PUT", "/uploads/", refusal(503));
    ready();
    assertThat(catchThrowable(() -> upload(target(0), bytes(300_000))))
        .hasMessageContaining("answered 503");
    assertThat(registry.sessions()).isZero();
  }

  private void begin(Kind kind) throws IOException {
    registry = new ChunkRegistry(kind);
    open.add(registry);
    proxy = new UploadProxy(registry.name());
    open.add(proxy);
  }

  private void ready() {
    registry.ready();
  }

  private void start(Kind kind) throws IOException {
    begin(kind);
    ready();
  }

  /** For one run without retries: as if it were killed with two chunks there. */
  private void failAfterTwoChunks() {
    AtomicInteger patches = new AtomicInteger();
    registry
        .registry()
        .on(
            "PATCH",
            "/uploads/",
            3,
            e -> {
              if (patches.incrementAndGet() < 3) {
                registry.upload(e);
              } else {
                refusal(503).answer(e);
              }
            });
  }

  /** After the body: a server that does not read it hangs up, and the next request fails too. */
  private static FaultyRegistry.Behaviour refusal(int status) {
    return exchange -> {
      exchange.getRequestBody().readAllBytes();
      FaultyRegistry.respond(exchange, status, new byte[0]);
    };
  }

  private void firstRun(TestImages.Layer layer) throws IOException {
    try (OpenUploads uploads = uploads()) {
      assertThat(mirror(source(layer), target(0, uploads)).status()).isEqualTo(Status.FAILED);
      assertThat(uploads.find(repository(), layer.descriptor().digest()).orElseThrow().offset())
          .isEqualTo(2L * CHUNK);
    }
  }

  private ImageResult secondRun(ImageSource source) throws IOException {
    try (OpenUploads uploads = uploads()) {
      return mirror(source, target(3, uploads));
    }
  }

  private OpenUploads uploads() throws IOException {
    return new StateFolder(state).openUploads(proxy.name());
  }

  private ImageTarget target(int retries) {
    return target(retries, OpenUploads.inMemory());
  }

  private ImageTarget target(int retries, OpenUploads uploads) {
    Registries registries =
        new Registries(TestSettings.quick().with(new Retries(retries, Duration.ofMillis(1))));
    open.add(registries);
    return registries.asTarget(CHUNKS, uploads);
  }

  private void upload(ImageTarget target, byte[] bytes) throws IOException {
    Descriptor blob = new Descriptor("", Digest.sha256(bytes), bytes.length);
    try (BlobUpload upload = target.begin(repository(), blob, Optional.empty())) {
      upload.send(new ByteArrayInputStream(bytes));
    }
  }

  private ImageResult mirror(ImageSource source, ImageTarget target) throws IOException {
    return mirror(source, target, proxy.name());
  }

  private ImageResult mirror(ImageSource source, ImageTarget target, String host)
      throws IOException {
    MirrorOptions options =
        new MirrorOptions(1, PlatformFilter.ALL, new Retries(1, Duration.ofMillis(1)));
    ImageRequest request =
        new ImageRequest(Reference.parse("rancher/a:1"), Reference.parse(host + "/rancher/a:1"));
    try (Mirror mirror = new Mirror(source, options, RunListener.NONE)) {
      return mirror.plan(List.of(request), target).carryOut().getFirst();
    }
  }

  private TestImages.Layer image(int size) {
    return images.layer("layer", size);
  }

  private MemoryRegistry source(TestImages.Layer layer) {
    MemoryRegistry source = new MemoryRegistry();
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, layer));
    return source;
  }

  private Repository repository() {
    return new Repository(proxy.name(), "rancher/a");
  }

  private byte[] blob(byte[] bytes) {
    return registry.registry().blob(FaultyRegistry.sha256(bytes));
  }

  private void assertArrived(TestImages.Layer layer) {
    byte[] bytes = images.content(layer.descriptor().digest());
    assertThat(blob(bytes)).isEqualTo(bytes);
  }

  private static long size(TestImages.Layer layer) {
    return layer.descriptor().size();
  }

  /** From which bytes on the layer was read. */
  private static List<Long> opened(MemoryRegistry source, TestImages.Layer layer) {
    return source.requests("OPEN").stream()
        .filter(request -> request.contains(layer.descriptor().digest().toString()))
        .map(request -> Long.parseLong(request.substring(request.lastIndexOf(' ') + 1)))
        .toList();
  }

  private static InputStream breakingAfter(int bytes, InputStream in) {
    return new FilterInputStream(in) {
      private int left = bytes;

      @Override
      public int read(byte[] buffer, int from, int length) throws IOException {
        if (left == 0) {
          throw new IOException("connection reset");
        }
        int count = super.read(buffer, from, Math.min(left, length));
        left -= Math.max(0, count);
        return count;
      }
    };
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** A registry on this machine. */
  private static final class LocalRegistry extends MemoryRegistry implements LocalSource {}
}
