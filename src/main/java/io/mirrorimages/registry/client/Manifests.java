package io.mirrorimages.registry.client;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Turn;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import java.io.IOException;
import java.util.Optional;

/** The manifest endpoints of a registry (distribution-spec end-3 and end-7). Thread-safe. */
public final class Manifests {
  private static final String ACCEPT = String.join(", ", MediaTypes.ACCEPTED_MANIFESTS);
  private static final int LOOKS = 3;
  private static final String DIGEST = "Docker-Content-Digest";

  private final RegistryClient client;

  /** Those of one registry; makes no request yet. */
  public Manifests(RegistryClient client) {
    this.client = client;
  }

  /**
   * Whether a registry has an image, and what it says of its digest.
   *
   * @param denied whether HEAD was refused as to somebody without the right; then GET decides
   * @param webPage whether the answer was a page for people; then it may be no registry
   */
  public record Found(boolean present, Optional<Digest> digest, boolean denied, boolean webPage) {
    Found(boolean present, Optional<Digest> digest) {
      this(present, digest, false, false);
    }
  }

  /**
   * Asks by HEAD, which is cheap and at Docker Hub free. A HEAD that is refused, also to the end of
   * all tries, tells nothing: the content does, or why there is none.
   */
  public Found head(Reference image, Access access) throws IOException {
    boolean[] refused = {false};
    try {
      return client.retrying(() -> headOnce(image, access, refused));
    } catch (TransferException e) {
      if (!refused[0]) {
        throw e;
      }
      client.refusals().triesAreSpent();
      return new Found(true, Optional.empty());
    }
  }

  private Found headOnce(Reference image, Access access, boolean[] refused) throws IOException {
    refused[0] = false;
    Request call = client.call("HEAD", path(image, image.fetchName())).with("Accept", ACCEPT);
    try (Response answer = client.send(call, access)) {
      if (answer.status() == 200) {
        client.limits().quota().looked();
        return new Found(true, digest(image, answer));
      }
      if (answer.status() == 404) {
        return new Found(false, Optional.empty(), false, answer.isHtml());
      }
      boolean limit = HeadRefusals.isLimit(answer);
      if (limit || (Failures.isPassing(answer.status()) && !client.refusals().spentTries())) {
        refused[0] = !limit;
        throw Failures.of(answer, image.toString());
      }
      // No HEAD at this registry; or Harbor has it, but a policy forbids to pull it.
      answer.finish();
      boolean denied = answer.status() == 401 || answer.status() == 403;
      return new Found(true, Optional.empty(), denied, false);
    }
  }

  /**
   * What the registry says of the pulls it counts; empty if it counts none. Where nothing is known
   * of it, one HEAD for this image asks for it; its failure is ignored.
   */
  public Optional<RateLimitStatus> pulls(Reference image, Access access, String place, Turn turn)
      throws IOException {
    client
        .limits()
        .quota()
        .lookOnce(
            () -> {
              Request call = client.call("HEAD", path(image, image.fetchName()));
              client.send(call.with("Accept", ACCEPT), access).close();
            });
    return client.limits().quota().allowance(place, turn);
  }

  /**
   * Fetches and checks; empty if the registry does not have it. What came damaged is fetched again:
   * a line that spoils bytes is more common than a registry that keeps wrong ones.
   */
  public Optional<Manifest> get(Reference image, Access access) throws IOException {
    return client.retrying(
        () -> {
          for (int look = 1; ; look++) {
            try {
              return getOnce(image, access);
            } catch (TransferException | InvalidContentException e) {
              boolean damaged =
                  !(e instanceof TransferException known) || known.reason() == FailureKind.CORRUPT;
              if (!damaged || look == LOOKS) {
                throw e;
              }
            }
          }
        });
  }

  private Optional<Manifest> getOnce(Reference image, Access access) throws IOException {
    Request call = client.call("GET", path(image, image.fetchName())).with("Accept", ACCEPT);
    try (Response answer = client.send(call, access)) {
      if (answer.status() == 404) {
        answer.finish();
        return Optional.empty();
      }
      if (answer.status() != 200) {
        throw Failures.of(answer, image.toString());
      }
      return Optional.of(read(image, answer));
    }
  }

  private Manifest read(Reference image, Response answer) throws IOException {
    byte[] bytes;
    try {
      bytes = answer.document(Manifest.LARGEST);
    } catch (IOException e) {
      throw client.failure(e, answer);
    }
    if (bytes.length > Manifest.LARGEST) {
      throw new TransferException(
          FailureKind.UNSUPPORTED,
          "the manifest of " + image + " is larger than " + Manifest.LARGEST + " bytes");
    }
    answer.finish();
    if (!beginsAsObject(bytes)) {
      throw Failures.garbled(
          answer, "sent " + (answer.isHtml() ? "a web page" : "no JSON") + " for " + image);
    }
    checkDigest(image, bytes, answer);
    String type = answer.header("Content-Type").orElse("");
    if (image.digest().isPresent()) {
      return Manifest.parse(bytes, type, image.digest().get());
    }
    Manifest manifest = Manifest.parse(bytes, type);
    if (!manifest.isIndex() && MediaTypes.isIndex(MediaTypes.bare(type))) {
      // Who believes the header sees an empty index, without an error (CVE-2021-41190).
      throw new InvalidContentException("the manifest is an image, its source says it is an index");
    }
    return manifest;
  }

  /** The own hash decides; a header that contradicts it tells of a proxy that mixes up tags. */
  private static void checkDigest(Reference image, byte[] bytes, Response answer)
      throws TransferException {
    // Bytes that are the ones asked for are right, whatever a proxy says of them.
    Optional<Digest> expected = image.digest().or(() -> headerDigest(answer));
    if (expected.isPresent()) {
      check(image, bytes, expected.get(), answer);
    }
  }

  private static void check(Reference image, byte[] bytes, Digest expected, Response answer)
      throws TransferException {
    Digest actual = expected.ofSameAlgorithm(bytes);
    if (!actual.equals(expected)) {
      throw new TransferException(
          FailureKind.CORRUPT,
          answer.call().url().authority()
              + " sent a manifest for "
              + image
              + " with digest "
              + actual
              + ", not "
              + expected
              + " (request "
              + answer.requestId()
              + ")");
    }
  }

  /**
   * Stores a manifest under the reference's tag, or its digest. Where it refers to another and the
   * registry has no API to find it by, it is put on that one's list of referrers.
   *
   * @throws TransferException {@link FailureKind#CORRUPT} if the registry confirms another digest
   * @throws io.mirrorimages.failure.MissingContentException if the registry does not know what it
   *     refers to
   */
  public void put(Reference image, Manifest manifest, Access access) throws IOException {
    new ManifestPush(client, this, access).put(image, manifest);
  }

  /** A pinned image that is there has its digest, whatever algorithm the header prefers. */
  private static Optional<Digest> digest(Reference image, Response answer) {
    Optional<Digest> header = headerDigest(answer);
    Optional<Digest> pinned = image.digest();
    boolean comparable =
        header.isPresent()
            && pinned.isPresent()
            && header.get().algorithm().equals(pinned.get().algorithm());
    return pinned.isPresent() && !comparable ? pinned : header;
  }

  static Optional<Digest> headerDigest(Response answer) {
    try {
      return answer.header(DIGEST).map(String::strip).map(Digest::parse);
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }

  private static boolean beginsAsObject(byte[] bytes) {
    for (byte b : bytes) {
      if (b > ' ') {
        return b == '{';
      }
      if (b < 0) {
        return false;
      }
    }
    return false;
  }

  static String path(Reference image, String name) {
    return image.repository().path() + "/manifests/" + name;
  }
}
