package io.mirrorimages.registry;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.client.AbsentRepositories;
import io.mirrorimages.registry.client.Blobs;
import io.mirrorimages.registry.client.Manifests;
import io.mirrorimages.registry.client.RegistryClient;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.limit.HostLimits;
import io.mirrorimages.registry.upload.UploadPolicy;
import io.mirrorimages.registry.upload.Uploads;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** One client for each registry of a side, made when it is first wanted. Thread-safe. */
final class Clients {
  private final Transport transport;
  private final RegistrySettings settings;
  private final HostLimits limits;
  private final ConcurrentMap<String, RegistryClient> clients = new ConcurrentHashMap<>();

  Clients(Transport transport, RegistrySettings settings, HostLimits limits) {
    this.transport = transport;
    this.settings = settings;
    this.limits = limits;
  }

  /** That of a registry as images name it. */
  RegistryClient of(String registry) {
    return clients.computeIfAbsent(
        registry, name -> new RegistryClient(name, transport, settings.of(name), limits.of(name)));
  }

  Manifests manifests(Repository repository) {
    return new Manifests(of(repository.registry()));
  }

  Blobs blobs(Repository repository) {
    return new Blobs(of(repository.registry()));
  }

  Uploads uploads(Repository repository, UploadPolicy policy) {
    return new Uploads(of(repository.registry()), policy);
  }

  /** Whether a repository shows no tag; false if the registry does not tell. */
  boolean isBlank(Repository repository) throws IOException {
    try {
      return new AbsentRepositories(of(repository.registry())).ask(repository);
    } catch (TransferException e) {
      return false;
    }
  }
}
