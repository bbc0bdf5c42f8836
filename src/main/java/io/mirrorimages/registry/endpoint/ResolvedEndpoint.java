package io.mirrorimages.registry.endpoint;

import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.client.Blobs;
import io.mirrorimages.registry.client.Manifests;
import io.mirrorimages.registry.client.RegistryClient;
import io.mirrorimages.registry.limit.Limits;
import io.mirrorimages.route.Endpoint;
import io.mirrorimages.route.Route;
import java.util.List;

/**
 * An endpoint that has a repository, ready to be asked.
 *
 * @param hop which, and what it calls the repository
 * @param client how it is asked
 * @param health whether it is worth it
 */
record ResolvedEndpoint(Route hop, RegistryClient client, EndpointHealth health) {

  Endpoint endpoint() {
    return hop.endpoint();
  }

  /** The repository as it is asked for there. */
  Repository repository() {
    return new Repository(client.registry(), hop.path());
  }

  /** The same, asked without long waits; see {@link Limits#withOthers}. */
  ResolvedEndpoint impatiently() {
    return new ResolvedEndpoint(hop, client.withOthers(), health);
  }

  /** The same, without long waits if it is not the only one. */
  ResolvedEndpoint among(List<ResolvedEndpoint> all) {
    return all.size() > 1 ? impatiently() : this;
  }

  Reference image(Reference image) {
    return image.in(repository());
  }

  Access access() {
    return Access.pull(new Repository(client.registry(), endpoint().namePrefix() + hop.path()));
  }

  Manifests manifests() {
    return new Manifests(client);
  }

  Blobs blobs() {
    return new Blobs(client);
  }

  @Override
  public String toString() {
    return endpoint().toString();
  }
}
