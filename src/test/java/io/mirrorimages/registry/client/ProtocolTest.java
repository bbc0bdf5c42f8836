package io.mirrorimages.registry.client;

import static io.mirrorimages.testing.FaultyRegistry.respond;
import static io.mirrorimages.testing.FaultyRegistry.status;
import static io.mirrorimages.testing.FaultyRegistry.truncated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.upload.Chunks;
import io.mirrorimages.state.OpenUploads;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Seen;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client makes of servers that are not as they should be. */
@Timeout(120)
class ProtocolTest {
  private static final String OCI = MediaTypes.OCI_MANIFEST;

  private static final byte[] CONFIG = {'{', '}'};

  private static final byte[] MANIFEST =
      """
      {"schemaVersion":2,"config":{"mediaType":"x","digest":"%s","size":2}}
      """
          .formatted(FaultyRegistry.sha256(CONFIG))
          .getBytes(StandardCharsets.UTF_8);

  private FaultyRegistry server;
  private FaultyRegistry elsewhere;
  private Registries registries;
  private ImageSource source;
  private ImageTarget target;
  private Repository repository;
  private Reference image;

  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
    elsewhere = new FaultyRegistry();
    registries = new Registries(TestSettings.quick("carol", "pass"));
    source = registries.asSource();
    target = registries.asTarget();
    repository = new Repository(server.name(), "team/app");
    image = Reference.parse(server.name() + "/team/app:1");
  }

  @AfterEach
  void stop() throws IOException {
    registries.close();
    server.close();
    elsewhere.close();
  }

  // Manifests

  @Test
  void aHeadWithoutDigestLeavesItToTheContent() throws IOException {
    server.on("HEAD", "/manifests/", status(200, ""));
    assertThat(source.resolve(image)).isEmpty();
  }

  @Test
  void aRegistryWithoutHeadLeavesItToTheContent() throws IOException {
    server.on("HEAD", "/manifests/", status(405, ""));
    assertThat(source.resolve(image)).isEmpty();
  }

  @Test
  void allManifestTypesAreAskedForAndNothingIsCompressed() throws IOException {
    server.addManifest("team/app", "1", MANIFEST, MediaTypes.OCI_MANIFEST);
    source.manifest(image);
    Seen seen = server.seen("GET", "/manifests/").getFirst();
    assertThat(seen.header("Accept")).contains(MediaTypes.ACCEPTED_MANIFESTS);
    assertThat(seen.header("Accept-Encoding")).isEqualTo("identity");
    assertThat(seen.header("User-Agent")).startsWith("mirror-images/");
    assertThat(seen.header("X-Request-ID")).isNotEmpty();
  }

  @Test
  void aDigestHeaderThatContradictsTheBodyIsCorruption() {
    server.on(
        "GET",
        "/manifests/",
        status(
            200,
            new String(MANIFEST, StandardCharsets.UTF_8),
            "Content-Type: " + MediaTypes.OCI_MANIFEST,
            "Docker-Content-Digest: sha256:" + "b".repeat(64)));
    assertThat(failure(() -> source.manifest(image)).reason()).isEqualTo(FailureKind.CORRUPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"schemaVersion\":2,\"config\":{\"med", "<html>", "{}"})
  void aManifestThatCameDamagedIsFetchedAgain(String damaged) throws IOException {
    Digest digest =
        Digest.parse(server.addManifest("team/app", "1", MANIFEST, MediaTypes.OCI_MANIFEST));
    server.on("GET", "/manifests/", 1, status(200, damaged));
    assertThat(source.manifest(image.at(digest)).bytes()).isEqualTo(MANIFEST);
    server.on("GET", "/manifests/", 1, status(200, damaged));
    assertThat(source.manifest(image).bytes()).isEqualTo(MANIFEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "text/plain"})
  void anImageThatSaysItsTypeIsWhatItSaysWhateverItsRegistryCallsIt(String type)
      throws IOException {
    byte[] manifest =
        new String(MANIFEST, StandardCharsets.UTF_8)
            .replace("{\"schemaVersion\"", "{\"mediaType\":\"" + OCI + "\",\"schemaVersion\"")
            .getBytes(StandardCharsets.UTF_8);
    server.addManifest("team/app", "1", manifest, type);
    assertThat(source.manifest(image).mediaType()).isEqualTo(OCI);
    assertThat(source.manifest(image).bytes()).isEqualTo(manifest);
  }

  @Test
  void anImageThatItsRegistryCallsAWebPageIsAnImage() throws IOException {
    server.addManifest("team/app", "1", MANIFEST, "text/html; charset=utf-8");
    assertThat(source.manifest(image).bytes()).isEqualTo(MANIFEST);
  }

  @Test
  void anImageThatItsRegistryCallsAnIndexIsRefused() {
    server.addManifest("team/app", "1", MANIFEST, MediaTypes.OCI_INDEX);
    assertThatThrownBy(() -> source.manifest(image))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("its source says");
  }

  @Test
  void aPinnedManifestWithOtherBytesIsCorruption() {
    server.on("GET", "/manifests/", status(200, new String(MANIFEST, StandardCharsets.UTF_8)));
    Reference pinned = image.at(Digest.parse("sha256:" + "c".repeat(64)));
    TransferException e = failure(() -> source.manifest(pinned));
    assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT);
    assertThat(e).hasMessageContaining(pinned.toString());
  }

  @Test
  void anOverloadPageWithStatus200IsTriedAgain() throws IOException {
    server.addManifest("team/app", "1", MANIFEST, MediaTypes.OCI_MANIFEST);
    server.on("GET", "/manifests/", 1, status(200, "<html>", "Content-Type: text/html"));
    server.on("GET", "/manifests/", 1, status(200, "Please wait"));
    assertThat(source.manifest(image).bytes()).isEqualTo(MANIFEST);
    assertThat(server.seen("GET", "/manifests/")).hasSize(3);
  }

  @Test
  void aWebPageIsNoConfirmation() throws IOException {
    Manifest manifest = Manifest.parse(MANIFEST, MediaTypes.OCI_MANIFEST);
    byte[] content = {1, 2, 3};
    Descriptor blob = new Descriptor("a/b", Digest.sha256(content), content.length);
    for (String method : new String[] {"PUT", "HEAD", "POST"}) {
      server.on(method, ".*", 1, status(200, "<html>log in", "Content-Type: text/html"));
    }

    assertThat(target.has(repository, blob)).isFalse();
    try (BlobUpload upload = target.begin(repository, blob, Optional.empty())) {
      TransferException page = failure(() -> upload.send(new ByteArrayInputStream(content)));
      assertThat(page.isTransient()).isTrue();
    }
    server.addBlob(CONFIG);
    server.on("PUT", "/manifests/", 1, status(200, "<html>", "Content-Type: text/html"));
    target.put(image, manifest);

    assertThat(server.seen("PUT", "/manifests/")).hasSize(2);
    assertThat(server.seen("HEAD", "/blobs/")).hasSizeGreaterThan(1);
    assertThat(server.manifest("team/app", "1")).isEqualTo(MANIFEST);
  }

  @Test
  void anEndlessManifestIsRefused() {
    server.on("GET", "/manifests/", e -> respond(e, 200, new byte[Manifest.LARGEST + 1]));
    assertThat(failure(() -> source.manifest(image)).reason()).isEqualTo(FailureKind.UNSUPPORTED);
  }

  @Test
  void anotherConfirmedDigestIsCorruption() {
    server.on(
        "PUT", "/manifests/", status(201, "", "Docker-Content-Digest: sha256:" + "b".repeat(64)));
    TransferException e =
        failure(() -> target.put(image, Manifest.parse(MANIFEST, MediaTypes.OCI_MANIFEST)));
    assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT);
  }

  /** Harbor takes sha512, and names the sha256 in its confirmation. */
  @Test
  void aConfirmationByAnotherAlgorithmSaysNothingOfASha512() throws Exception {
    byte[] content = {1, 2, 3};
    String other = "Docker-Content-Digest: " + Digest.sha256(content);
    Descriptor blob = new Descriptor("a/b", sha512(content), content.length);
    server.on("PUT", "/blobs/uploads/", status(201, "", other));
    try (BlobUpload upload = target.begin(repository, blob, Optional.empty())) {
      upload.send(new ByteArrayInputStream(content));
    }
    assertThat(server.seen("PUT", "/blobs/uploads/").getFirst().target()).contains("digest=sha512");

    server.on(
        "PUT", "/manifests/", status(201, "", "Docker-Content-Digest: " + Digest.sha256(MANIFEST)));
    Manifest manifest = Manifest.parse(MANIFEST, MediaTypes.OCI_MANIFEST, sha512(MANIFEST));
    target.put(image.at(manifest.digest()), manifest);
    assertThat(server.seen("PUT", "/manifests/sha512:")).hasSize(1);
  }

  private static Digest sha512(byte[] bytes) {
    return Digest.parse("sha512:" + "0".repeat(128)).ofSameAlgorithm(bytes);
  }

  @Test
  void aManifestThatIsRefusedAsInvalidIsToldInTheRegistrysWords() {
    server.on(
        "PUT",
        "/manifests/",
        status(400, "{\"errors\":[{\"code\":\"MANIFEST_INVALID\",\"message\":\"too large\"}]}"));
    TransferException e =
        failure(() -> target.put(image, Manifest.parse(MANIFEST, MediaTypes.OCI_MANIFEST)));
    assertThat(e).hasMessageContaining("too large");
    assertThat(e.isTransient()).isFalse();
    assertThat(server.seen("PUT", "/manifests/")).hasSize(1);
  }

  @Test
  void anImmutableTagThatIsRightAlreadyIsFine() throws IOException {
    server.addManifest("team/app", "1", MANIFEST, MediaTypes.OCI_MANIFEST);
    server.on("PUT", "/manifests/", status(412, "{\"errors\":[{\"code\":\"PRECONDITION\"}]}"));
    target.put(image, Manifest.parse(MANIFEST, MediaTypes.OCI_MANIFEST));
    assertThat(server.seen("PUT", "/manifests/")).hasSize(1);
  }

  // Statuses

  @Test
  void theServersWordsAndTheRequestIdAreInTheMessage() {
    server.on(
        "GET",
        "/manifests/",
        status(
            403,
            "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"see http://x/y?sig=SECRET now\"}]}"));
    TransferException e = failure(() -> source.manifest(image));
    assertThat(e)
        .hasMessageContaining("DENIED see http://x/y now")
        .hasMessageContaining(server.seen("GET", "/manifests/").getLast().header("X-Request-ID"))
        .hasMessageNotContaining("SECRET");
  }

  @Test
  void retryAfterIsWaitedFor() throws IOException {
    server.addManifest("team/app", "1", MANIFEST, MediaTypes.OCI_MANIFEST);
    server.on("GET", "/manifests/", 1, status(429, "", "Retry-After: 1"));
    RegistrySettings patient =
        TestSettings.quick().with(new io.mirrorimages.failure.Retries(1, Duration.ofSeconds(2)));
    long begin = System.nanoTime();
    try (Registries side = new Registries(patient)) {
      side.asSource().manifest(image);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(990));
  }

  // Blobs

  @Test
  void aSignedRedirectIsFollowedWithRangeAndWithoutAuthorization() throws IOException {
    byte[] bytes = randomBytes(50_000);
    String digest = elsewhere.addBlob(bytes);
    requireBasic();
    server.on(
        "GET",
        "/blobs/sha256:",
        status(
            307, "", "Location: " + elsewhere.url("/v2/x/blobs/" + digest + "?sig=a%2Fb%7c~c+d")));
    try (InputStream content = source.open(repository, blob(bytes), 1000)) {
      assertThat(content.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 1000, 50_000));
    }
    assertThat(server.seen("GET", "/blobs/").getLast().header("Authorization"))
        .startsWith("Basic ");
    Seen seen = elsewhere.seen().getFirst();
    assertThat(seen.header("Authorization")).isEmpty();
    assertThat(seen.header("Range")).isEqualTo("bytes=1000-");
    assertThat(seen.target()).endsWith("?sig=a%2Fb%7c~c+d");
  }

  @Test
  void aRelativeRedirectToTheSameServerKeepsAuthorization() throws IOException {
    byte[] bytes = randomBytes(10);
    String digest = server.addBlob(bytes);
    requireBasic();
    server.on("GET", "/team/app/blobs/", status(302, "", "Location: /v2/data/blobs/" + digest));
    try (InputStream content = source.open(repository, blob(bytes), 0)) {
      assertThat(content.readAllBytes()).isEqualTo(bytes);
    }
    assertThat(server.seen().getLast().header("Authorization")).startsWith("Basic ");
  }

  @Test
  void aRedirectLoopEnds() {
    server.on("GET", "/blobs/", status(302, "", "Location: " + server.url("/v2/a/blobs/x")));
    assertThat(failure(() -> source.open(repository, blob(randomBytes(1)), 0)))
        .hasMessageContaining("redirects more than 5 times");
  }

  @Test
  void aSignedAddressThatRanOutIsAskedForAgain() throws IOException {
    byte[] bytes = randomBytes(10);
    String digest = elsewhere.addBlob(bytes);
    elsewhere.on("GET", "/blobs/", 1, status(403, "<Error>expired</Error>"));
    server.on(
        "GET", "/blobs/", status(307, "", "Location: " + elsewhere.url("/v2/x/blobs/" + digest)));
    try (InputStream content = openWithRetry(repository, blob(bytes), 0)) {
      assertThat(content.readAllBytes()).isEqualTo(bytes);
    }
    assertThat(server.seen("GET", "/blobs/")).hasSize(2);
  }

  /** As whoever reads a blob does. */
  private InputStream openWithRetry(Repository place, Descriptor blob, long offset)
      throws IOException {
    return new Retries(1, Duration.ZERO).call(() -> source.open(place, blob, offset));
  }

  @Test
  void aServerThatIgnoresRangeIsReadFromItsStart() throws IOException {
    byte[] bytes = randomBytes(100_000);
    server.on("GET", "/blobs/", e -> respond(e, 200, bytes));
    try (InputStream content = source.open(repository, blob(bytes), 70_000)) {
      assertThat(content.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 70_000, 100_000));
    }
  }

  @Test
  void anotherPartThanTheOneAskedForIsRefused() {
    byte[] bytes = randomBytes(100);
    server.on(
        "GET", "/blobs/", e -> respond(e, 206, new byte[51], "Content-Range: bytes 49-99/100"));
    TransferException e = failure(() -> source.open(repository, blob(bytes), 50));
    assertThat(e.reason()).isEqualTo(FailureKind.NETWORK);
    assertThat(e).hasMessageContaining("another part");
  }

  @Test
  void anUnsatisfiableRangeIsReadFromTheStartInstead() throws IOException {
    byte[] bytes = randomBytes(100);
    server.addBlob(bytes);
    server.on(
        "GET",
        "/blobs/",
        1,
        e -> {
          e.sendResponseHeaders(416, 100);
          e.getResponseBody().write(new byte[33]);
        });
    server.on("GET", "/blobs/", e -> respond(e, 200, bytes));
    try (InputStream content = openWithRetry(repository, blob(bytes), 40)) {
      assertThat(content.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 40, 100));
    }
  }

  @Test
  void aBodyThatEndsEarlyIsAnError() throws IOException {
    byte[] bytes = randomBytes(100_000);
    server.on("GET", "/blobs/", truncated(bytes, 60_000));
    try (InputStream content = source.open(repository, blob(bytes), 0)) {
      TransferException e = failure(content::readAllBytes);
      assertThat(e.isTransient()).isTrue();
    }
  }

  @Test
  void aBodyWithoutLengthThatEndsEarlyIsAnErrorToo() throws IOException {
    byte[] bytes = randomBytes(100);
    server.on(
        "GET",
        "/blobs/",
        e -> {
          e.sendResponseHeaders(200, 0);
          e.getResponseBody().write(bytes, 0, 60);
        });
    try (InputStream content = source.open(repository, blob(bytes), 0)) {
      assertThat(failure(content::readAllBytes)).hasMessageContaining("40 bytes early");
    }
  }

  @Test
  void aBlobOfAnotherLengthIsCorruption() {
    server.on("GET", "/blobs/", status(200, "short"));
    assertThat(failure(() -> source.open(repository, blob(randomBytes(100)), 0)).reason())
        .isEqualTo(FailureKind.CORRUPT);
  }

  // Uploads

  @Test
  void anUploadIsOnePutWithLengthToTheLocationAsItCame() throws IOException {
    byte[] bytes = randomBytes(300_000);
    send(bytes);
    assertThat(server.blob(FaultyRegistry.sha256(bytes))).isEqualTo(bytes);
    Seen post = server.seen("POST", "/uploads/").getFirst();
    Seen put = server.seen("PUT", "/uploads/").getFirst();
    assertThat(post.header("Content-Length")).isEqualTo("0");
    assertThat(put.header("Content-Length")).isEqualTo("300000");
    assertThat(put.header("Transfer-Encoding")).isEmpty();
    assertThat(server.seen("DELETE", "")).isEmpty();
  }

  @Test
  void anUploadElsewhereGetsNoAuthorization() throws IOException {
    requireBasic();
    server.on(
        "POST",
        "/uploads/",
        status(
            202,
            "",
            "Location: "
                + elsewhere.url(elsewhere.beginUpload("x")).replace("127.0.0.1", "localhost")));
    byte[] bytes = randomBytes(10);
    send(bytes);
    assertThat(elsewhere.blob(FaultyRegistry.sha256(bytes))).isEqualTo(bytes);
    assertThat(elsewhere.seen().getFirst().header("Authorization")).isEmpty();
  }

  @Test
  void onTheSameHostOurSchemeAndPortAreKept() throws IOException {
    server.on(
        "POST",
        "/uploads/",
        status(202, "", "Location: https://127.0.0.1" + server.beginUpload("x")));
    byte[] bytes = randomBytes(10);
    send(bytes);
    assertThat(server.blob(FaultyRegistry.sha256(bytes))).isEqualTo(bytes);
  }

  @Test
  void aLostAnswerIsFoundOutByHead() throws IOException {
    byte[] bytes = randomBytes(10);
    server.on(
        "PUT",
        "/uploads/",
        e -> {
          server.addBlob(e.getRequestBody().readAllBytes());
          throw new IOException("answer lost by the test");
        });
    send(bytes);
    assertThat(server.seen("HEAD", "/blobs/")).hasSize(1);
  }

  @Test
  void anEarlyRefusalIsHeardWhileTheBodyIsStillGoing() throws IOException {
    server.on(
        "PUT",
        "/uploads/",
        status(
            403,
            "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"adding 1.0 GiB of storage resource, "
                + "which when updated to current usage of 1.0 GiB will exceed the configured upper "
                + "limit of 1.5 GiB.\"}]}"));
    long length = 256L << 20;
    AtomicLong read = new AtomicLong();
    InputStream content =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("read in blocks");
          }

          @Override
          public int read(byte[] buffer, int offset, int count) {
            read.addAndGet(count);
            return count;
          }
        };
    Descriptor big = new Descriptor("", Digest.parse("sha256:" + "a".repeat(64)), length);
    ImageTarget whole = registries.asTarget(Chunks.of(length), OpenUploads.inMemory());
    try (BlobUpload upload = whole.begin(repository, big, Optional.empty())) {
      TransferException e = failure(() -> upload.send(content));
      assertThat(e.reason()).isEqualTo(FailureKind.QUOTA);
    }
    assertThat(read).hasValueLessThan(length);
  }

  @Test
  void aContentThatFailsIsNotTheRegistrysFault() throws IOException {
    IOException own = new IOException("disk broke");
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw own;
          }
        };
    Descriptor blob = blob(randomBytes(10));
    try (BlobUpload upload = target.begin(repository, blob, Optional.empty())) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> upload.send(broken)))
          .isSameAs(own);
    }
    assertThat(server.seen("HEAD", "/blobs/")).isEmpty();
    assertThat(server.seen("DELETE", "/uploads/")).hasSize(1);
  }

  @Test
  void aMountThatIsRefusedBecomesAnUpload() throws IOException {
    server.on("POST", "mount=", status(401, "", "WWW-Authenticate: Basic realm=\"harbor\""));
    byte[] bytes = randomBytes(10);
    Repository from = new Repository(server.name(), "other/app");
    try (BlobUpload upload = target.begin(repository, blob(bytes), Optional.of(from))) {
      assertThat(upload.mounted()).isFalse();
      upload.send(new ByteArrayInputStream(bytes));
    }
    assertThat(server.blob(FaultyRegistry.sha256(bytes))).isEqualTo(bytes);
  }

  @Test
  void theSessionOfARefusedMountIsUsed() throws IOException {
    byte[] bytes = randomBytes(10);
    Repository from = new Repository(server.name(), "other/app");
    try (BlobUpload upload = target.begin(repository, blob(bytes), Optional.of(from))) {
      upload.send(new ByteArrayInputStream(bytes));
    }
    assertThat(server.seen("POST", "/uploads/")).hasSize(1);
  }

  private void requireBasic() {
    server.unlessAuthorized(
        value -> value.startsWith("Basic "),
        status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
  }

  private void send(byte[] bytes) throws IOException {
    try (BlobUpload upload = target.begin(repository, blob(bytes), Optional.empty())) {
      upload.send(new ByteArrayInputStream(bytes));
    }
  }

  private static Descriptor blob(byte[] bytes) {
    return new Descriptor("", Digest.sha256(bytes), bytes.length);
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static TransferException failure(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(TransferException.class, call);
  }
}
