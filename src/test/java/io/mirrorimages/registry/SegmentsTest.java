package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.archive.ArchiveReader;
import io.mirrorimages.archive.ArchiveSpec;
import io.mirrorimages.archive.ArchiveWriter;
import io.mirrorimages.archive.UnfinishedArchive;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Mirror;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.mirror.Retries;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Segments;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.route.Credentials;
import io.mirrorimages.route.MirrorRule;
import io.mirrorimages.route.Routes;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Behaviour;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layers that are fetched in four parts at once into an archive. */
@Timeout(120)
class SegmentsTest {
  private static final String KEY = "this list";
  private static final int LEAST = 64 * 1024;
  private static final int ABOUT = 1_000_001;

  private final TestImages images = new TestImages();
  private final Manifest manifest = images.image(TestImages.AMD64, images.layer("large", ABOUT));
  private final Descriptor layer = manifest.layers().getFirst();
  private final byte[] content = images.content(layer.digest());
  private final int size = content.length;
  private final int part = (size + 3) / 4;
  private final List<FaultyRegistry> servers = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<String> names = new ArrayList<>();
  private FaultyRegistry origin;
  private RegistrySettings settings = TestSettings.quick();
  private Segments segments = new Segments(4, LEAST);
  private int jobs = 3;
  // A permit for each byte.
  private final Semaphore arrived = new Semaphore(0);
  private ArchiveSpec spec;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    origin = server();
    names.add(origin.name() + "/team/app:1");
    spec = ArchiveSpec.of(folder.resolve("a.tar"));
  }

  @AfterEach
  void stop() {
    end.countDown();
    servers.forEach(FaultyRegistry::close);
  }

  private FaultyRegistry server() throws IOException {
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
  private void stockMore(int count) {
    for (int i = 2; i < count + 2; i++) {
      stock(origin, "" + i, images.image(TestImages.AMD64, images.layer("large " + i, ABOUT + i)));
      names.add(origin.name() + "/team/app:" + i);
    }
  }

  // The usual way

  @Test
  void allPartsComeAtOnceAndMakeTheSameArchive() throws IOException {
    Segments four = segments;
    segments = Segments.OFF;
    assertCopied(save());
    Path inOneStream = spec.output();
    segments = four;
    spec = ArchiveSpec.of(folder.resolve("b.tar"));
    CyclicBarrier together = new CyclicBarrier(4);
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        exchange -> {
          String[] ends = range(exchange).replace("bytes=", "").split("-");
          int from = Integer.parseInt(ends[0]);
          int to = ends.length > 1 ? Integer.parseInt(ends[1]) + 1 : size;
          begin(exchange, from, to, 1000);
          meet(together);
          exchange.getResponseBody().write(content, from + 1000, to - from - 1000);
        });

    assertCopied(save());

    assertThat(ranges(origin))
        .containsExactlyInAnyOrder(
            "", partFrom(0, 0), partFrom(1, 0), partFrom(2, 0), partFrom(3, 0));
    assertThat(spec.output()).hasSameBinaryContentAs(inOneStream);
  }

  private static void meet(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException("the others did not come", e);
    }
  }

  @Test
  void smallLayersComeAsAWhole() throws IOException {
    segments = new Segments(4, ABOUT);
    assertCopied(save());
    assertThat(ranges(origin)).containsExactly("");
  }

  @Test
  void volumesAreFilledInPartsToo() throws IOException {
    stockMore(2);
    spec =
        new ArchiveSpec(
            folder.resolve("v.tar"), OptionalLong.of(1_200_000), Optional.empty(), false);

    assertCopied(save());

    assertThat(spec.finished()).hasSize(3);
    assertThat(ranges(origin)).hasSize(4);
    try (ArchiveReader reader = ArchiveReader.open(spec.finished())) {
      assertThat(reader.images()).hasSize(3);
      for (PlannedImage image : plan().images()) {
        for (Descriptor blob : image.blobs()) {
          try (InputStream in = reader.open(image.request().source().repository(), blob, 0)) {
            assertThat(Digest.sha256(in.readAllBytes())).isEqualTo(blob.digest());
          }
        }
      }
    }
  }

  // Servers that send no parts

  @Test
  void aServerThatSendsTheWholeInPlaceOfAPartIsReadAndNeverAskedForOneAgain() throws IOException {
    stockMore(2);
    jobs = 1;
    origin.on("GET", "/blobs/", origin::whole);

    assertCopied(save());

    List<String> ranges =
        origin.seen("GET", "/blobs/").stream().map(s -> s.header("Range")).toList();
    assertThat(ranges).filteredOn(range -> !range.isEmpty()).containsExactly(partFrom(0, 0));
    // Three layers and three configs, of which some are the same: each once.
    assertThat(origin.seen("GET", "/blobs/"))
        .extracting(FaultyRegistry.Seen::target)
        .doesNotHaveDuplicates();
  }

  @Test
  void aMirrorThatSendsNoPartsIsStillTheFirst() throws IOException {
    FaultyRegistry cache = server();
    cache.on("GET", "/blobs/", cache::whole);

    ImageResult result = save(cache).getFirst();

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).containsExactly(cache.url(""));
    assertThat(origin.seen("GET", "/blobs/")).isEmpty();
    assertThat(ranges(cache)).containsExactly(partFrom(0, 0));
  }

  @Test
  void whereOnlyTheFirstPartIsSentTheRestComesInOneStream() throws IOException {
    origin.on("GET", "/blobs/" + layer.digest(), 1, origin::properly);
    origin.on("GET", "/blobs/" + layer.digest(), origin::whole);

    assertCopied(save());

    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aMirrorThatDiesAmongPartsIsReplacedByOneThatSendsTheWhole() throws IOException {
    FaultyRegistry one = server();
    one.on("GET", "/blobs/" + layer.digest(), 1, one::properly);
    one.on("GET", "/blobs/" + layer.digest(), FaultyRegistry.status(503, ""));
    origin.on("GET", "/blobs/", origin::whole);

    assertCopied(save(one));

    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void anotherPartThanTheOneAskedForIsNotTakenForIt() throws IOException {
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        1,
        exchange ->
            FaultyRegistry.respond(
                exchange,
                206,
                Arrays.copyOfRange(content, 1, part + 1),
                "Content-Range: bytes 1-" + part + "/" + size));

    assertCopied(save());

    assertThat(bytes(spec.output())).isEqualTo(content);
    assertThat(ranges(origin)).filteredOn(r -> r.equals(partFrom(0, 0))).hasSize(2);
  }

  // Lines that break

  @Test
  void aPartThatBreaksOffIsContinuedAtItsByte() throws IOException {
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        exchange -> {
          if (range(exchange).equals(partFrom(2, 0))) {
            breakOff(exchange, 2 * part, 3 * part, 100_000);
          } else {
            origin.properly(exchange);
          }
        });

    assertCopied(save());

    assertThat(ranges(origin)).hasSize(5).contains(partFrom(2, 100_000));
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aPartMayComeFromAnotherMirror() throws IOException {
    FaultyRegistry one = server();
    FaultyRegistry two = server();
    one.on(
        "GET",
        "/blobs/" + layer.digest(),
        exchange -> {
          if (range(exchange).equals(partFrom(1, 0))) {
            breakOff(exchange, part, 2 * part, 50_000);
          } else {
            one.properly(exchange);
          }
        });

    ImageResult result = save(one, two).getFirst();

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).contains(one.url(""), two.url(""));
    assertThat(ranges(two)).contains(partFrom(1, 50_000));
    assertThat(origin.seen("GET", "/blobs/")).isEmpty();
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aPartThatNobodyHasEndsTheOthersAndIsTheReason() throws IOException {
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        exchange -> {
          if (range(exchange).equals(partFrom(3, 0))) {
            FaultyRegistry.respond(exchange, 403, new byte[0]);
          } else {
            origin.properly(exchange);
          }
        });

    ImageResult result = save().getFirst();

    assertThat(result.reason()).contains(Reason.DENIED);
    assertThat(spec.output()).doesNotExist();
  }

  // Wrong bytes

  @Test
  void wrongBytesInOnePartThrowTheWholeAway() throws IOException {
    origin.on("GET", "/blobs/" + layer.digest(), spoiling(origin, 600_000));

    ImageResult result = save().getFirst();

    assertThat(result.reason()).contains(Reason.CORRUPT);
    assertThat(result.message()).contains(layer.digest().toString(), origin.name());
    // Once more, in case the line had spoilt it.
    assertThat(ranges(origin)).hasSize(8);
    assertThat(UnfinishedArchive.find(spec).orElseThrow().keptBytes()).isLessThan(part);
  }

  @Test
  void aMirrorThatSentAWrongPartIsAskedLast() throws IOException {
    FaultyRegistry one = server();
    FaultyRegistry two = server();
    one.on("GET", "/blobs/" + layer.digest(), spoiling(one, 600_000));

    assertCopied(save(one, two));

    assertThat(ranges(one)).hasSize(4);
    assertThat(ranges(two)).hasSize(4);
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  private Behaviour spoiling(FaultyRegistry server, int at) {
    byte[] spoilt = content.clone();
    spoilt[at] ^= 1;
    return exchange -> {
      String[] ends = range(exchange).replace("bytes=", "").split("-");
      int from = Integer.parseInt(ends[0]);
      int to = ends.length > 1 ? Integer.parseInt(ends[1]) + 1 : size;
      FaultyRegistry.respond(
          exchange,
          206,
          Arrays.copyOfRange(spoilt, from, to),
          "Content-Range: bytes " + from + "-" + (to - 1) + "/" + size);
    };
  }

  // Runs that are stopped

  @Test
  void aStoppedRunIsGoneOnWithInEveryPart() throws Exception {
    int each = 100_000;
    CountDownLatch stuck = new CountDownLatch(4);
    hangingAfter(each, stuck);

    stopWhen(stuck);

    assertThat(UnfinishedArchive.find(spec).orElseThrow().keptBytes())
        .isBetween(4L * each, 4L * each + 10_000);
    goOn();
    assertThat(ranges(origin).subList(4, 8))
        .containsExactlyInAnyOrder(
            partFrom(0, 100_000), partFrom(1, 100_000), partFrom(2, 100_000), partFrom(3, 100_000));
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aStoppedRunIsGoneOnWithWithoutSegmentsFromItsFront() throws Exception {
    CountDownLatch stuck = new CountDownLatch(4);
    hangingAfter(100_000, stuck);
    stopWhen(stuck);
    segments = Segments.OFF;

    goOn();

    assertThat(ranges(origin)).hasSize(5).last().isEqualTo("bytes=100000-");
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aStoppedRunIsGoneOnWithAtAServerThatSendsNoPartsAnyMore() throws Exception {
    CountDownLatch stuck = new CountDownLatch(4);
    hangingAfter(100_000, stuck);
    stopWhen(stuck);
    origin.on("GET", "/blobs/" + layer.digest(), origin::whole);

    goOn();

    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void keptPartsThatWentBadAreFetchedAgain() throws Exception {
    CountDownLatch stuck = new CountDownLatch(4);
    hangingAfter(100_000, stuck);
    stopWhen(stuck);
    Path partial = folder.resolve("a.tar.partial");
    try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
      // In the second part, with some room for what comes before the layer.
      file.seek(300_000);
      int old = file.read();
      file.seek(300_000);
      file.write(old ^ 1);
    }

    goOn();

    assertThat(ranges(origin)).hasSize(12);
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  /** The first four requests for parts get so many bytes and no more, until the test ends. */
  private void hangingAfter(int bytes, CountDownLatch stuck) {
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        4,
        exchange -> {
          String[] ends = range(exchange).replace("bytes=", "").split("-");
          int from = Integer.parseInt(ends[0]);
          int to = ends.length > 1 ? Integer.parseInt(ends[1]) + 1 : size;
          begin(exchange, from, to, bytes);
          stuck.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void stopWhen(CountDownLatch stuck) throws Exception {
    try (Registries side = open();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Mirror mirror = mirror(side)) {
      Plan plan = mirror.plan(requests());
      Runnable cut = side::close;
      try (ArchiveWriter archive = ArchiveWriter.create(spec, plan, KEY)) {
        Future<List<ImageResult>> results = executor.submit(() -> mirror.carryOut(plan, archive));
        while (!stuck.await(100, TimeUnit.MILLISECONDS)) {
          assertThat(results).as("it should hang").isNotDone();
        }
        arrived.acquire(4 * 100_000 + (int) manifest.config().orElseThrow().size());
        cut.run();
        assertThat(results.get(60, TimeUnit.SECONDS))
            .extracting(ImageResult::status)
            .doesNotContain(Status.COPIED);
      }
    }
  }

  private void goOn() throws IOException {
    UnfinishedArchive earlier = UnfinishedArchive.find(spec).orElseThrow();
    try (Registries side = open();
        Mirror mirror = mirror(side);
        ArchiveWriter archive = ArchiveWriter.resume(spec, earlier)) {
      assertCopied(mirror.carryOut(earlier.plan(), archive));
      archive.finish(earlier.plan().images());
    }
  }

  // Limits

  @Test
  void noMoreConnectionsThanTheHostIsToHaveAndNoBlobWaitsForItself() throws IOException {
    stockMore(3);
    settings = settings.with(HostBudgets.none().with(origin.name() + ":concurrency=2"));
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    origin.on(
        "GET",
        "/blobs/",
        exchange -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          try {
            origin.properly(exchange);
          } finally {
            now.decrementAndGet();
          }
        });

    assertCopied(save());

    assertThat(most.get()).isBetween(1, 2);
    assertThat(ranges(origin)).hasSize(4);
  }

  @Test
  void oneConnectionIsEnough() throws IOException {
    stockMore(2);
    settings = settings.with(HostBudgets.none().with(origin.name() + ":concurrency=1"));

    assertCopied(save());

    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void allPartsTogetherKeepTheRate() throws IOException {
    settings = settings.withMaxRate(OptionalLong.of(4_000_000));
    long began = System.nanoTime();

    assertCopied(save());

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(140));
  }

  /** How a part, or what follows its first bytes, is asked for. */
  private String partFrom(int number, int offset) {
    return "bytes=" + (number * part + offset) + "-" + (number < 3 ? (number + 1) * part - 1 : "");
  }

  private static String range(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")).orElse("");
  }

  private void breakOff(HttpExchange exchange, int from, int to, int sent) throws IOException {
    begin(exchange, from, to, sent);
    throw new IOException("cut by the test");
  }

  private void begin(HttpExchange exchange, int from, int to, int sent) throws IOException {
    exchange
        .getResponseHeaders()
        .add("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
    exchange.sendResponseHeaders(206, to - from);
    exchange.getResponseBody().write(content, from, sent);
    exchange.getResponseBody().flush();
  }

  /** What was asked for of the first layer, in the order in which it came. */
  private List<String> ranges(FaultyRegistry server) {
    return server.seen("GET", "/blobs/" + layer.digest()).stream()
        .map(seen -> seen.header("Range"))
        .toList();
  }

  private byte[] bytes(Path archive) throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(archive);
        InputStream in = reader.open(Reference.parse(names.getFirst()).repository(), layer, 0)) {
      return in.readAllBytes();
    }
  }

  private static void assertCopied(List<ImageResult> results) {
    assertThat(results)
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.status()).as(r.message()).isEqualTo(Status.COPIED));
  }

  private List<ImageRequest> requests() {
    return names.stream().map(Reference::parse).map(r -> new ImageRequest(r, r)).toList();
  }

  private Registries open(FaultyRegistry... mirrors) {
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
            hint -> {}));
  }

  private Mirror mirror(Registries side) {
    return new Mirror(
        side.asSource(),
        new Mirror.Options(
            jobs, new PlatformFilter(List.of()), new Retries(3, Duration.ofMillis(1)), segments),
        new RunListener() {
          @Override
          public void moved(long bytes) {
            arrived.release((int) bytes);
          }
        });
  }

  private Plan plan() throws IOException {
    try (Registries side = open();
        Mirror mirror = mirror(side)) {
      return mirror.plan(requests());
    }
  }

  /** Saves through these mirrors; finishes the archive if all went well. */
  private List<ImageResult> save(FaultyRegistry... mirrors) throws IOException {
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
