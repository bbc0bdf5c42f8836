package io.mirrorimages.registry;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.UnsupportedManifestException;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.AdmissionCheck;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.EmptyRepositoryCheck;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.ReadableTarget;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.client.Manifests;
import io.mirrorimages.registry.upload.UploadPolicy;
import java.io.IOException;
import java.util.Optional;

/** Registries as a target. */
final class RegistryTarget
    implements ImageTarget, ReadableTarget, EmptyRepositoryCheck, AdmissionCheck {
  private final Clients clients;
  private final UploadPolicy uploads;

  RegistryTarget(Clients clients, UploadPolicy uploads) {
    this.clients = clients;
    this.uploads = uploads;
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    Access access = Access.push(image.repository());
    Manifests.Found found = clients.manifests(image.repository()).head(image, access);
    if (!found.present() || found.digest().isPresent()) {
      return found.digest();
    }
    try {
      return clients.manifests(image.repository()).get(image, access).map(Manifest::digest);
    } catch (TransferException e) {
      if (e.isTransient() || (found.denied() && e.reason() == FailureKind.DENIED)) {
        throw e;
      }
      // It can't be read, or is no image: whether it may be replaced is for the push to find out.
      return Optional.empty();
    } catch (InvalidContentException | UnsupportedManifestException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Manifest> manifest(Reference image) throws IOException {
    return clients.manifests(image.repository()).get(image, Access.push(image.repository()));
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return clients.blobs(repository).has(repository, blob, Access.push(repository));
  }

  /** What a broken run left may lie in any repository that wants it: then all are asked. */
  @Override
  public boolean isEmpty(Repository repository) throws IOException {
    return !uploads.open().isAfterBrokenRun() && clients.isBlank(repository);
  }

  @Override
  public Optional<TransferException> refusal(PlannedImage image) {
    return image.blobs().stream()
        .flatMap(blob -> uploads.refusal(image.request().target().repository(), blob).stream())
        .findFirst();
  }

  @Override
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom)
      throws IOException {
    return clients.uploads(repository, uploads).begin(repository, blob, mountFrom);
  }

  @Override
  public void put(Reference image, Manifest manifest) throws IOException {
    clients.manifests(image.repository()).put(image, manifest, Access.push(image.repository()));
  }
}
