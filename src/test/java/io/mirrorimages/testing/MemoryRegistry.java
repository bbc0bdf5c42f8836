package io.mirrorimages.testing;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.MissingContentException;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.ReadableTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A registry in memory. It keeps the rules a real one keeps (blobs before manifests, children
 * before their index, the right digest), and writes down what it is asked, as {@code VERB name}. As
 * it is it is a source; {@link #asTarget} is its other side.
 */
public class MemoryRegistry implements ImageSource {
  private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Puts an image into it without a request. */
  public void add(TestImages content, String reference, Manifest top) {
    PlannedImage image = content.plan(reference, top);
    Reference name = image.request().source();
    for (Descriptor blob : image.blobs()) {
      blobs.put(key(name.repository(), blob.digest()), content.content(blob.digest()));
    }
    for (Manifest manifest : image.manifests()) {
      manifests.put(key(name.repository(), manifest.digest()), manifest);
    }
    manifests.put(name.repository() + ":" + name.storeName(), top);
  }

  /** Replaces a blob's bytes, or takes it away if {@code bytes} is null. */
  public void spoil(String repository, Digest digest, byte[] bytes) {
    String key = key(Reference.parseRepository(repository), digest);
    if (bytes == null) {
      blobs.remove(key);
    } else {
      blobs.put(key, bytes);
    }
  }

  /** What was asked with {@code verb} so far. */
  public List<String> requests(String verb) {
    return requests.stream().filter(r -> r.startsWith(verb + " ")).toList();
  }

  /** How many requests there were so far. */
  public int requestCount() {
    return requests.size();
  }

  /** Begins the record of requests anew. */
  public void forgetRequests() {
    requests.clear();
  }

  /** What the tag shows, without a request. */
  public Optional<Manifest> shown(String reference) {
    Reference name = Reference.parse(reference);
    return Optional.ofNullable(manifests.get(name.repository() + ":" + name.storeName()));
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    requests.add("HEAD " + image);
    return Optional.of(find(image).digest());
  }

  @Override
  public Manifest manifest(Reference image) throws IOException {
    requests.add("GET " + image);
    return find(image);
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    requests.add("HAS " + key(repository, blob.digest()));
    byte[] bytes = blobs.get(key(repository, blob.digest()));
    return bytes != null && bytes.length == blob.size();
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    requests.add("OPEN " + key(repository, blob.digest()) + " " + offset);
    byte[] bytes = blobs.get(key(repository, blob.digest()));
    if (bytes == null) {
      throw new TransferException(FailureKind.MISSING, "blob " + blob.digest() + " is not there");
    }
    return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
  }

  /** The same registry as a target. */
  public ImageTarget asTarget() {
    return new Target();
  }

  /** Called with the bytes of an upload before they are stored; a test makes it fail. */
  protected void receive(Repository repository, Descriptor blob) throws IOException {}

  private Manifest find(Reference image) throws TransferException {
    String key =
        image
            .digest()
            .map(digest -> key(image.repository(), digest))
            .orElseGet(() -> image.repository() + ":" + image.storeName());
    Manifest manifest = manifests.get(key);
    if (manifest == null) {
      throw new TransferException(FailureKind.MISSING, image + " is not there");
    }
    return manifest;
  }

  private static String key(Repository repository, Digest digest) {
    return repository + "@" + digest;
  }

  private final class Target implements ImageTarget, ReadableTarget {
    @Override
    public Optional<Digest> resolve(Reference image) {
      requests.add("HEAD " + image);
      String key =
          image.tag().isPresent()
              ? image.repository() + ":" + image.storeName()
              : key(image.repository(), image.digest().orElseThrow());
      return Optional.ofNullable(manifests.get(key)).map(Manifest::digest);
    }

    @Override
    public Optional<Manifest> manifest(Reference image) {
      requests.add("GET " + image);
      return Optional.ofNullable(
          manifests.get(key(image.repository(), image.digest().orElseThrow())));
    }

    @Override
    public boolean has(Repository repository, Descriptor blob) throws IOException {
      return MemoryRegistry.this.has(repository, blob);
    }

    @Override
    public BlobUpload begin(
        Repository repository, Descriptor blob, Optional<Repository> mountFrom) {
      boolean mounted =
          mountFrom.isPresent() && blobs.containsKey(key(mountFrom.get(), blob.digest()));
      if (mounted) {
        requests.add("MOUNT " + key(repository, blob.digest()));
        blobs.put(key(repository, blob.digest()), blobs.get(key(mountFrom.get(), blob.digest())));
      }
      return new Upload(repository, blob, mounted);
    }

    @Override
    public void put(Reference image, Manifest manifest) throws IOException {
      requests.add("PUT " + image);
      for (Descriptor blob : manifest.blobs()) {
        if (!blobs.containsKey(key(image.repository(), blob.digest()))) {
          throw new MissingContentException("blob " + blob.digest() + " unknown");
        }
      }
      for (Descriptor child : manifest.children()) {
        require(
            manifests.containsKey(key(image.repository(), child.digest())),
            "manifest " + child.digest() + " unknown");
      }
      manifests.put(key(image.repository(), manifest.digest()), manifest);
      manifests.put(image.repository() + ":" + image.storeName(), manifest);
    }
  }

  private static void require(boolean condition, String message) throws TransferException {
    if (!condition) {
      throw new TransferException(FailureKind.CORRUPT, message);
    }
  }

  private final class Upload implements BlobUpload {
    private final Repository repository;
    private final Descriptor blob;
    private final boolean mounted;

    Upload(Repository repository, Descriptor blob, boolean mounted) {
      this.repository = repository;
      this.blob = blob;
      this.mounted = mounted;
    }

    @Override
    public boolean mounted() {
      return mounted;
    }

    @Override
    public void send(InputStream content) throws IOException {
      requests.add("UPLOAD " + key(repository, blob.digest()));
      byte[] bytes = content.readAllBytes();
      receive(repository, blob);
      require(Digest.sha256(bytes).equals(blob.digest()), "digest invalid");
      blobs.put(key(repository, blob.digest()), bytes);
    }

    @Override
    public void close() {}
  }
}
