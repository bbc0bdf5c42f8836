package io.mirrorimages.registry.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.FaultyRegistry.Behaviour;
import io.mirrorimages.tls.CertifiedKey;
import io.mirrorimages.tls.TlsOptions;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that wants the bytes of a blob at another place than it said first. */
@Timeout(120)
class RedirectedUploadsTest {
  @TempDir private Path folder;
  private final byte[] bytes = new byte[300_000];
  private Registries registries;
  private FaultyRegistry registry;
  private FaultyRegistry storage;
  private volatile byte[] kept;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(bytes);
    registries = new Registries(TestSettings.quick());
    registry = new FaultyRegistry();
    storage = new FaultyRegistry();
    storage.on("PUT", "^/put", keep());
  }

  @AfterEach
  void stop() {
    registries.close();
    registry.close();
    storage.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void bytesAreSentAgainFromTheirBegin(int status) throws IOException {
    redirect(status, "/moved?x=1");
    registry.on("PUT", "^/moved", keep());

    upload(rewindable());

    assertThat(kept).isEqualTo(bytes);
    assertThat(registry.seen("PUT", "/moved").getFirst().header("Content-Length"))
        .isEqualTo("300000");
  }

  @Test
  void anAnswerBeforeTheBytesHaveComeIsFollowedToo() throws IOException {
    registry.on(
        "PUT",
        "/uploads/",
        exchange ->
            FaultyRegistry.respond(
                exchange, 307, new byte[0], "Location: /moved", "Connection: close"));
    registry.on("PUT", "^/moved", keep());

    upload(rewindable());

    assertThat(kept).isEqualTo(bytes);
  }

  @Test
  void anotherServerGetsTheBytesWithoutCredentials() throws IOException {
    registries.close();
    registries = new Registries(TestSettings.quick("alice", "S3cret"));
    registry.unlessAuthorized(
        "Basic YWxpY2U6UzNjcmV0"::equals,
        FaultyRegistry.status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    redirect(307, storage.url("/put"));

    upload(rewindable());

    assertThat(kept).isEqualTo(bytes);
    assertThat(registry.seen("PUT", "/uploads/").getLast().header("Authorization")).isNotEmpty();
    assertThat(storage.seen("PUT", "/put")).hasSize(1);
    assertThat(storage.seen("PUT", "/put").getFirst().header("Authorization")).isEmpty();
  }

  @Test
  void anotherServerDoesNotSendThemOn() {
    redirect(307, storage.url("/away"));
    storage.on("PUT", "^/away", after(status(307, registry.url("/private"))));

    assertThatThrownBy(() -> upload(rewindable()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("answered 307");
    assertThat(registry.seen("PUT", "/private")).isEmpty();
  }

  @Test
  void bytesDoNotGoFromHttpsToHttp() throws Exception {
    Path certificate = folder.resolve("cert.pem");
    DockerRegistry.makeCertificate(certificate, folder.resolve("key.pem"), folder.resolve("log"));
    registries.close();
    registries =
        new Registries(
            TestSettings.quick()
                .with(
                    new TlsOptions(
                        Optional.of(certificate),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false)));
    registry.close();
    registry =
        new FaultyRegistry(CertifiedKey.serverContext(certificate, folder.resolve("key.pem")));
    redirect(307, storage.url("/put"));

    assertThatThrownBy(() -> upload(rewindable()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("over plain http; refused");
    assertThat(storage.seen()).isEmpty();
  }

  @Test
  void redirectsInACircleEnd() {
    redirect(307, "/moved");
    registry.on("PUT", "^/moved", after(status(307, "/moved")));

    assertThatThrownBy(() -> upload(rewindable())).hasMessageContaining("answered 307");
    assertThat(registry.seen("PUT", "/moved")).hasSize(5);
  }

  @Test
  void bytesThatCannotBeReadAgainAreAFailureInOneLine() {
    redirect(307, "/moved");
    InputStream once =
        new FilterInputStream(new ByteArrayInputStream(bytes)) {
          @Override
          public boolean markSupported() {
            return false;
          }
        };
    assertThatThrownBy(() -> upload(once))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("answered 307")
        .hasMessageNotContaining("\n");
    assertThat(registry.seen("PUT", "/moved")).isEmpty();
  }

  @Test
  void aSourceThatFailsWhenItIsReadAgainIsTheFailure() {
    redirect(307, "/moved");
    InputStream failing =
        new FilterInputStream(rewindable()) {
          @Override
          public synchronized void reset() throws IOException {
            throw new IOException("the source has gone");
          }
        };
    assertThatThrownBy(() -> upload(failing)).hasMessage("the source has gone");
    assertThat(registry.seen("PUT", "/moved")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303})
  void otherRedirectsDoNotAskForTheBytes(int status) {
    redirect(status, "/moved");

    assertThatThrownBy(() -> upload(rewindable())).hasMessageContaining("answered " + status);
    assertThat(registry.seen("PUT", "/moved")).isEmpty();
  }

  private void redirect(int status, String location) {
    registry.on("PUT", "/uploads/", after(status(status, location)));
  }

  private static Behaviour status(int status, String location) {
    return FaultyRegistry.status(status, "", "Location: " + location);
  }

  /** Reads what was sent before it answers. */
  private static Behaviour after(Behaviour answer) {
    return exchange -> {
      exchange.getRequestBody().readAllBytes();
      answer.answer(exchange);
    };
  }

  private Behaviour keep() {
    return exchange -> {
      kept = exchange.getRequestBody().readAllBytes();
      FaultyRegistry.respond(exchange, 201, new byte[0]);
    };
  }

  private InputStream rewindable() {
    return new ByteArrayInputStream(bytes);
  }

  private void upload(InputStream content) throws IOException {
    Repository repository = new Repository(registry.name(), "rancher/a");
    Descriptor blob = new Descriptor("", Digest.sha256(bytes), bytes.length);
    try (BlobUpload upload = registries.asTarget().begin(repository, blob, Optional.empty())) {
      upload.send(content);
    }
  }
}
