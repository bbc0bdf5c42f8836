package io.mirrorimages.registry.upload;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.limit.HostBudgets;
import io.mirrorimages.state.OpenUploads;
import io.mirrorimages.testing.ChunkRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * An upload that waits for its turn at the target keeps no connection to the source: the one whose
 * turn it is may want that very connection, and then both would wait for ever.
 */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class WaitingUploadTest {
  private static final int CHUNK = 100_000;

  private final TestImages images = new TestImages();
  private ChunkRegistry registry;
  private Registries registries;

  @BeforeEach
  void start() throws IOException {
    registry = new ChunkRegistry(ChunkRegistry.Kind.DISTRIBUTION_2);
  }

  @AfterEach
  void stop() throws IOException {
    registries.close();
    registry.close();
  }

  @Test
  void betweenTwoChunks() throws Exception {
    registry.ready();
    ImageTarget target = target(1, Chunks.of(CHUNK));
    byte[] first = bytes(300_000);
    byte[] second = bytes(300_001);
    CountDownLatch itsTurn = new CountDownLatch(1);
    CountDownLatch givenBack = new CountDownLatch(1);
    InputStream wantsIt =
        new FilterInputStream(new ByteArrayInputStream(second)) {
          @Override
          public int read(byte[] buffer, int from, int length) throws IOException {
            itsTurn.countDown();
            await(givenBack);
            return super.read(buffer, from, length);
          }
        };
    Thread other = Thread.ofVirtual().unstarted(() -> send(target, second, wantsIt));
    InputStream hasIt =
        new FilterInputStream(new ByteArrayInputStream(first)) {
          private int marks;

          @Override
          public void mark(int limit) {
            super.mark(limit);
            if (++marks == 2) {
              other.start();
              uninterrupted(itsTurn);
            }
          }

          @Override
          public void reset() throws IOException {
            super.reset();
            givenBack.countDown();
          }
        };

    send(target, first, hasIt);

    other.join();
    assertThat(registry.registry().blob(FaultyRegistry.sha256(first))).isEqualTo(first);
    assertThat(registry.registry().blob(FaultyRegistry.sha256(second))).isEqualTo(second);
    // One took what the other was to have; neither was begun anew.
    assertThat(registry.begun()).isEqualTo(2);
  }

  @Test
  void afterAChunkThatWasRefused() throws IOException {
    OneConnection source = new OneConnection();
    refuseOnce("PATCH", source, true);
    assertThat(mirror(source, Chunks.of(1_000_000)).status()).isEqualTo(Status.COPIED);
  }

  @Test
  void afterAllBytesOfABlobThatWasRefused() throws IOException {
    OneConnection source = new OneConnection();
    refuseOnce("PUT", source, true);
    assertThat(mirror(source, Chunks.DEFAULT).status()).isEqualTo(Status.COPIED);
  }

  @Test
  void afterSomeBytesOfABlobThatWasRefused() throws IOException {
    OneConnection source = new OneConnection();
    refuseOnce("PUT", source, false);
    assertThat(mirror(source, Chunks.DEFAULT).status()).isEqualTo(Status.COPIED);
  }

  /**
   * The first layer's body gets 503 while another upload wants the source's connection: with it the
   * target has one place where it had two, and the other upload has that.
   */
  private void refuseOnce(String method, OneConnection source, boolean afterItsBody) {
    AtomicBoolean left = new AtomicBoolean(true);
    registry
        .registry()
        .on(
            method,
            "/blobs/uploads/",
            exchange -> {
              if (Long.parseLong(exchange.getRequestHeaders().getFirst("Content-Length")) < CHUNK
                  || !left.compareAndSet(true, false)) {
                registry.upload(exchange);
                return;
              }
              if (afterItsBody) {
                exchange.getRequestBody().readAllBytes();
              }
              await(source.wanted);
              FaultyRegistry.respond(exchange, 503, new byte[] {'n', 'o'});
              exchange.getResponseBody().flush();
              exchange.getRequestBody().readAllBytes();
            });
    registry.ready();
  }

  private ImageResult mirror(OneConnection source, Chunks chunks) throws IOException {
    source.add(
        images,
        "rancher/a:1",
        images.image(
            TestImages.AMD64, images.layer("one", 4_000_000), images.layer("two", 4_000_001)));
    MirrorOptions options = new MirrorOptions(2, PlatformFilter.ALL, quick());
    ImageRequest request =
        new ImageRequest(
            Reference.parse("rancher/a:1"), Reference.parse(registry.name() + "/rancher/a:1"));
    try (Mirror mirror = new Mirror(source, options, RunListener.NONE)) {
      return mirror.plan(List.of(request), target(2, chunks)).carryOut().getFirst();
    }
  }

  private ImageTarget target(int atOnce, Chunks chunks) {
    HostBudgets budgets = HostBudgets.none().with(registry.name() + ":concurrency=" + atOnce);
    registries = new Registries(TestSettings.quick().with(budgets));
    return registries.asTarget(chunks, OpenUploads.inMemory());
  }

  private static Retries quick() {
    return new Retries(3, Duration.ofMillis(1));
  }

  private void send(ImageTarget target, byte[] bytes, InputStream content) {
    Descriptor blob = new Descriptor("", Digest.sha256(bytes), bytes.length);
    Repository repository = new Repository(registry.name(), "rancher/a");
    try (BlobUpload upload = target.begin(repository, blob, Optional.empty())) {
      upload.send(content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  private static void uninterrupted(CountDownLatch latch) {
    try {
      await(latch);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A source that lets nobody open a layer while another one is open. */
  private static final class OneConnection extends MemoryRegistry {
    private final Semaphore connection = new Semaphore(1);
    private final CountDownLatch wanted = new CountDownLatch(1);

    @Override
    public InputStream open(Repository repository, Descriptor blob, long offset)
        throws IOException {
      if (blob.size() < CHUNK) {
        return super.open(repository, blob, offset);
      }
      if (!connection.tryAcquire()) {
        wanted.countDown();
        try {
          connection.acquire();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
      }
      return new FilterInputStream(super.open(repository, blob, offset)) {
        private boolean closed;

        @Override
        public void close() throws IOException {
          super.close();
          if (!closed) {
            closed = true;
            connection.release();
          }
        }
      };
    }
  }
}
