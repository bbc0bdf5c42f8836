package io.mirrorimages.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.ReadableTarget;
import io.mirrorimages.registry.client.RegistrySettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the client and every registry have to do together. */
abstract class RegistryContract {
  private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

  private final Random random = new Random();
  private Registries registries;
  private ImageSource source;
  private ImageTarget target;
  private Repository repository;

  /** The registry under test, {@code host:port}. */
  abstract String registry();

  /** How it is reached. */
  abstract RegistrySettings settings();

  @BeforeEach
  void open() {
    registries = new Registries(settings());
    source = registries.asSource();
    target = registries.asTarget();
    repository = freshRepository();
  }

  @AfterEach
  void close() throws IOException {
    registries.close();
  }

  @Test
  void theRegistryPassesTheCheck() throws IOException {
    registries.check(registry());
  }

  @Test
  void aBlobComesBackAsItWent() throws IOException {
    byte[] bytes = randomBytes(3_000_000);
    Descriptor blob = push(bytes, repository);
    assertThat(target.has(repository, blob)).isTrue();
    try (InputStream content = source.open(repository, blob, 0)) {
      assertThat(content.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void aBlobIsReadFromAnyByteOn() throws IOException {
    byte[] bytes = randomBytes(100_000);
    Descriptor blob = push(bytes, repository);
    for (int offset : new int[] {1, 65_536, 99_999}) {
      try (InputStream content = source.open(repository, blob, offset)) {
        assertThat(content.readAllBytes())
            .isEqualTo(java.util.Arrays.copyOfRange(bytes, offset, bytes.length));
      }
    }
  }

  @Test
  void aReadThatIsGivenUpLeavesTheClientUsable() throws IOException {
    Descriptor blob = push(randomBytes(8_000_000), repository);
    for (int i = 0; i < 20; i++) {
      try (InputStream content = source.open(repository, blob, 0)) {
        assertThat(content.read()).isNotNegative();
      }
    }
    assertThat(source.has(repository, blob)).isTrue();
  }

  @Test
  void whatIsNotThereIsMissing() throws IOException {
    push(randomBytes(10), repository);
    Descriptor absent = descriptor(randomBytes(10));
    Reference image = tagged("absent");
    assertThat(source.has(repository, absent)).isFalse();
    assertThat(target.has(repository, absent)).isFalse();
    assertThat(target.resolve(image)).isEmpty();
    assertThat(ReadableTarget.of(target).manifest(image)).isEmpty();
    assertMissing(() -> source.resolve(image));
    assertMissing(() -> source.manifest(image));
    assertMissing(() -> source.open(repository, absent, 0));
  }

  @Test
  void aBlobOfAnotherSizeIsNotTheBlob() throws IOException {
    Descriptor blob = push(randomBytes(10), repository);
    Descriptor other = new Descriptor(blob.mediaType(), blob.digest(), 11);
    assertThat(target.has(repository, other)).isFalse();
  }

  @Test
  void aBlobIsMountedFromAnotherRepository() throws IOException {
    Descriptor blob = push(randomBytes(1000), repository);
    Repository other = freshRepository();
    try (BlobUpload upload = target.begin(other, blob, Optional.of(repository))) {
      assertThat(upload.mounted()).isTrue();
    }
    assertThat(target.has(other, blob)).isTrue();
  }

  @Test
  void aMountThatIsNotPossibleBecomesAnUpload() throws IOException {
    byte[] bytes = randomBytes(1000);
    Descriptor blob = descriptor(bytes);
    try (BlobUpload upload = target.begin(repository, blob, Optional.of(freshRepository()))) {
      assertThat(upload.mounted()).isFalse();
      upload.send(new ByteArrayInputStream(bytes));
    }
    assertThat(target.has(repository, blob)).isTrue();
  }

  @Test
  void anUploadOfOtherBytesIsRefused() throws IOException {
    Descriptor blob = descriptor(randomBytes(1000));
    try (BlobUpload upload = target.begin(repository, blob, Optional.empty())) {
      assertThatThrownBy(() -> upload.send(new ByteArrayInputStream(randomBytes(1000))))
          .isInstanceOf(TransferException.class);
    }
    assertThat(target.has(repository, blob)).isFalse();
  }

  @Test
  void aManifestKeepsItsVeryBytes() throws IOException {
    Descriptor config = push(CONFIG, repository);
    Manifest manifest = manifest(config, "  \n");
    target.put(tagged("odd"), manifest);
    assertThat(target.resolve(tagged("odd"))).contains(manifest.digest());
    assertThat(source.resolve(tagged("odd"))).contains(manifest.digest());
    assertThat(source.manifest(tagged("odd"))).isEqualTo(manifest);
    assertThat(source.manifest(tagged("odd").at(manifest.digest())).bytes())
        .isEqualTo(manifest.bytes());
  }

  @Test
  void anIndexGoesAfterItsChildrenByDigest() throws IOException {
    Manifest child = manifest(push(CONFIG, repository), "");
    target.put(tagged("any").at(child.digest()), child);
    String index =
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[
          {"mediaType":"%s","digest":"%s","size":%d,
           "platform":{"os":"linux","architecture":"amd64"}}]}
        """
            .formatted(
                MediaTypes.OCI_INDEX, child.mediaType(), child.digest(), child.bytes().length);
    Manifest top = Manifest.parse(index.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_INDEX);
    target.put(tagged("multi"), top);
    assertThat(source.manifest(tagged("multi"))).isEqualTo(top);
  }

  @Test
  void anUploadThatIsNotSentIsGivenUp() throws IOException {
    Descriptor blob = descriptor(randomBytes(10));
    target.begin(repository, blob, Optional.empty()).close();
    assertThat(target.has(repository, blob)).isFalse();
  }

  private Descriptor push(byte[] bytes, Repository into) throws IOException {
    Descriptor blob = descriptor(bytes);
    if (!target.has(into, blob)) {
      try (BlobUpload upload = target.begin(into, blob, Optional.empty())) {
        upload.send(new ByteArrayInputStream(bytes));
      }
    }
    return blob;
  }

  private Manifest manifest(Descriptor config, String tail) {
    String json =
        """
        {"schemaVersion": 2,
         "mediaType": "%s",
         "config": {"mediaType": "%s", "digest": "%s", "size": %d},
         "layers": [ ]}
        """
            .formatted(
                MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG, config.digest(), config.size());
    return Manifest.parse((json + tail).getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_MANIFEST);
  }

  private Reference tagged(String tag) {
    return new Reference(repository, Optional.of(tag), Optional.empty());
  }

  private Repository freshRepository() {
    return new Repository(registry(), "team/app-" + Long.toUnsignedString(random.nextLong(), 36));
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Descriptor descriptor(byte[] bytes) {
    return new Descriptor("application/octet-stream", Digest.sha256(bytes), bytes.length);
  }

  private static void assertMissing(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.MISSING));
  }
}
