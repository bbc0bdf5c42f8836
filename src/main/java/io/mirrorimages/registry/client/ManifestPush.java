package io.mirrorimages.registry.client;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Manifests on their way into a registry (distribution-spec end-7).
 *
 * @param client which registry
 * @param manifests those that it has
 * @param access the right that is needed
 */
record ManifestPush(RegistryClient client, Manifests manifests, Access access) {
  private static final String SUBJECT = "OCI-Subject";
  private static final Set<Integer> STORED = Set.of(200, 201, 202, 204);

  /** See {@link Manifests#put}. */
  void put(Reference image, Manifest manifest) throws IOException {
    boolean found = client.retrying(() -> putOnce(image, manifest));
    Optional<Descriptor> subject = manifest.subject();
    boolean ofOci = MediaTypes.OCI_MANIFEST.equals(manifest.mediaType());
    if (subject.isPresent() && !found && (ofOci || manifest.isIndex())) {
      list(manifest, ReferrersTag.of(image, subject.get().digest()));
    }
  }

  /** One at a time: a list that two change at once loses one of the changes. */
  private void list(Manifest referrer, ReferrersTag referrers) throws IOException {
    client.referrers().lock();
    try {
      Optional<Manifest> list = referrers.with(referrer, manifests.get(referrers.tag(), access));
      if (list.isPresent()) {
        client.retrying(() -> putOnce(referrers.tag(), list.get()));
      }
    } finally {
      client.referrers().unlock();
    }
  }

  /** Gives whether the registry has taken note of the manifest's subject, if it has one. */
  private boolean putOnce(Reference image, Manifest manifest) throws IOException {
    Request call =
        client
            .call("PUT", Manifests.path(image, image.storeName()), client.timeouts().commit())
            .with(new Request.Bytes(manifest.bytes(), manifest.mediaType()));
    try (Response answer = client.send(call, access)) {
      if (!STORED.contains(answer.status())) {
        IOException failure = Failures.ofManifestPut(answer, image.toString(), hasUrls(manifest));
        if (answer.status() == 412) {
          checkUnchangeable(image, manifest, failure);
          // A tag that must not change, and does not have to: an answer was lost before.
          return answer.header(SUBJECT).isPresent();
        }
        throw failure;
      }
      answer.finish();
      Optional<Digest> confirmed = Manifests.headerDigest(answer);
      if (confirmed.isPresent()
          && confirmed.get().algorithm().equals(manifest.digest().algorithm())
          && !confirmed.get().equals(manifest.digest())) {
        throw new TransferException(
            FailureKind.CORRUPT,
            client.registry()
                + " stored "
                + image
                + " as "
                + confirmed.get()
                + ", not as "
                + manifest.digest());
      }
      return answer.header(SUBJECT).isPresent();
    }
  }

  /** Whether it has foreign layers that say where else they are. */
  private static boolean hasUrls(Manifest manifest) {
    for (JsonNode layer : Json.parse(manifest.bytes(), "the manifest").path("layers")) {
      if (!layer.path("urls").isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Fails if a tag that must not change is another manifest than it should be. */
  private void checkUnchangeable(Reference image, Manifest manifest, IOException failure)
      throws IOException {
    Optional<Digest> there = manifests.head(image, access).digest();
    if (there.isEmpty()) {
      throw failure;
    }
    if (!there.get().equals(manifest.digest())) {
      throw new TransferException(
          FailureKind.DENIED,
          image
              + " may not be changed, and is "
              + there.get()
              + ", not "
              + manifest.digest()
              + ": "
              + failure.getMessage(),
          failure);
    }
  }
}
