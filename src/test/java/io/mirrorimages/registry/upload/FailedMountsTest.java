package io.mirrorimages.registry.upload;

import static io.mirrorimages.testing.FaultyRegistry.respond;
import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.state.OpenUploads;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mount saves an upload, or it does not: no image fails for it. */
@Timeout(120)
class FailedMountsTest {
  private static final String MOUNT = "from=rancher%2Fa";

  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final TestImages.Layer base = images.layer("base", 20_000);
  private FaultyRegistry server;
  private Registries registries;

  @BeforeEach
  void start() throws IOException {
    server = new FaultyRegistry();
    registries = new Registries(TestSettings.quick());
    source.add(images, "rancher/a:1", images.image(TestImages.AMD64, base));
    source.add(images, "rancher/b:1", images.image(TestImages.AMD64, base, images.layer("b", 9)));
  }

  @AfterEach
  void stop() throws IOException {
    registries.close();
    server.close();
  }

  /** 202 without a Location, 200 as a proxy may say it, and every refusal. */
  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204, 301, 400, 401, 403, 404, 405, 409, 500, 501, 502, 503, 504})
  void whateverAMountEndsInTheBlobIsUploaded(int status) throws IOException {
    server.on("POST", MOUNT, status(status, ""));

    assertThat(sync()).extracting(ImageResult::status).containsOnly(Status.COPIED);

    assertThat(uploadsOfBase()).isEqualTo(2);
    assertThat(server.seen("POST", MOUNT)).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aMountThatIsNotTrueIsFollowedByAnUpload() throws IOException {
    boolean[] uploaded = {false};
    server.on("POST", MOUNT, status(201, ""));
    server.on("HEAD", "/v2/rancher/b/blobs/" + base.descriptor().digest(), status(404, ""));
    server.on(
        "PUT",
        "/v2/rancher/b/blobs/uploads/.*" + base.descriptor().digest().hex(),
        exchange -> {
          uploaded[0] = true;
          server.properly(exchange);
        });
    server.on(
        "PUT",
        "/v2/rancher/b/manifests/",
        exchange -> {
          if (uploaded[0]) {
            server.properly(exchange);
          } else {
            exchange.getRequestBody().readAllBytes();
            respond(
                exchange, 400, "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\"}]}".getBytes());
          }
        });

    assertThat(sync()).extracting(ImageResult::status).containsOnly(Status.COPIED);

    assertThat(server.seen("POST", MOUNT)).hasSize(1);
    assertThat(server.seen("PUT", "/v2/rancher/b/manifests/")).hasSize(2);
  }

  /** As behind a load balancer without sticky sessions, or after a registry lost its cache. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSessionOfAMountThatIsNotKnownIsFollowedByAnUploadOfItsOwn(boolean inChunks)
      throws IOException {
    server.on(
        "POST", MOUNT, status(202, "", "Location: /v2/rancher/b/blobs/uploads/99?_state=lost"));

    assertThat(sync(inChunks ? Chunks.of(4_000) : Chunks.DEFAULT))
        .extracting(ImageResult::status)
        .containsOnly(Status.COPIED);

    assertThat(server.seen("POST", MOUNT)).hasSizeLessThanOrEqualTo(2);
  }

  private int uploadsOfBase() {
    return server.seen("PUT", base.descriptor().digest().hex()).size();
  }

  private List<ImageResult> sync() throws IOException {
    return sync(Chunks.DEFAULT);
  }

  private List<ImageResult> sync(Chunks chunks) throws IOException {
    MirrorOptions options =
        new MirrorOptions(1, PlatformFilter.ALL, new Retries(2, Duration.ofMillis(1)));
    List<ImageRequest> requests = List.of(request("rancher/a:1"), request("rancher/b:1"));
    try (Mirror mirror = new Mirror(source, options, RunListener.NONE)) {
      return mirror.plan(requests, registries.asTarget(chunks, OpenUploads.inMemory())).carryOut();
    }
  }

  private ImageRequest request(String image) {
    return new ImageRequest(Reference.parse(image), Reference.parse(server.name() + "/" + image));
  }
}
