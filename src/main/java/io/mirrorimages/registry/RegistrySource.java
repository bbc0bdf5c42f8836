package io.mirrorimages.registry;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Turn;
import io.mirrorimages.mirror.port.BlobPart;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.RangeSource;
import io.mirrorimages.mirror.port.RateLimitedSource;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.client.BlobStream;
import io.mirrorimages.registry.client.Manifests;
import io.mirrorimages.registry.client.NoRangeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Registries as a source. */
final class RegistrySource implements ImageSource, RateLimitedSource, RangeSource {
  private final Clients clients;
  // They answer 200 to a Range, as caches do that fetch the blob meanwhile.
  private final Set<String> wholeSenders = ConcurrentHashMap.newKeySet();

  RegistrySource(Clients clients) {
    this.clients = clients;
  }

  @Override
  public Optional<Digest> resolve(Reference image) throws IOException {
    Manifests.Found found =
        clients.manifests(image.repository()).head(image, Access.pull(image.repository()));
    if (!found.present()) {
      throw missing(image);
    }
    return found.digest();
  }

  @Override
  public Optional<Digest> pin(Reference image) throws IOException {
    return pulls(image).isEmpty() ? Optional.empty() : resolve(image);
  }

  @Override
  public List<RateLimitStatus> pulls(Reference image) throws IOException {
    Repository repository = image.repository();
    return clients
        .manifests(repository)
        .pulls(image, Access.pull(repository), repository.registry(), Turn.ONLY)
        .stream()
        .toList();
  }

  @Override
  public Manifest manifest(Reference image) throws IOException {
    return clients
        .manifests(image.repository())
        .get(image, Access.pull(image.repository()))
        .orElseThrow(() -> missing(image));
  }

  @Override
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    return clients.blobs(repository).isThere(repository, blob, Access.pull(repository));
  }

  @Override
  public InputStream open(Repository repository, Descriptor blob, long offset) throws IOException {
    return clients.blobs(repository).open(repository, blob, offset, Access.pull(repository));
  }

  @Override
  public Optional<BlobPart> part(Repository repository, Descriptor blob, long from, long to)
      throws IOException {
    String registry = repository.registry();
    if (wholeSenders.contains(registry)) {
      return RangeSource.whole(this, repository, blob, from);
    }
    try {
      BlobStream content =
          clients.blobs(repository).part(repository, blob, from, to, Access.pull(repository));
      if (content.end() > to) {
        wholeSenders.add(registry);
      }
      return Optional.of(new BlobPart(content, content.end()));
    } catch (NoRangeException e) {
      wholeSenders.add(registry);
      return Optional.empty();
    }
  }

  private static TransferException missing(Reference image) {
    return new TransferException(
        FailureKind.MISSING, image.repository().registry() + " does not have " + image);
  }
}
