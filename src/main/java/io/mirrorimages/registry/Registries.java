package io.mirrorimages.registry;

import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.ImageTarget;
import io.mirrorimages.state.OpenUploads;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * All registries of one side of a run, behind one connection pool: what an image's name says
 * decides which is asked, with its own tokens and budget. Thread-safe; calls block. {@code
 * docker.io} is reached at {@code registry-1.docker.io}.
 */
public final class Registries implements Closeable {
  private final RegistrySettings settings;
  private final Transport transport;
  private final ClosableTimer timer = new ClosableTimer();
  private final Pace pace;
  private final ConcurrentMap<String, RegistryClient> clients = new ConcurrentHashMap<>();

  /**
   * Opens the side; makes no connection yet.
   *
   * @throws io.mirrorimages.image.InvalidContentException with a line for the user, if a
   *     certificate file can't be used
   */
  public Registries(RegistrySettings settings) {
    this.settings = settings;
    this.transport = new Transport(settings);
    this.pace = new Pace(settings.maxRate(), timer);
  }

  /** These registries as where images come from: asks for the right to pull only. */
  public ImageSource asSource() {
    return new RegistrySource(this);
  }

  /** As {@link #asTarget(Chunks, OpenUploads)} with the usual chunks, and nothing to go on with. */
  public ImageTarget asTarget() {
    return asTarget(Chunks.DEFAULT, OpenUploads.inMemory());
  }

  /**
   * These registries as where images go: asks for the right to push.
   *
   * @param chunks how large blobs are cut
   * @param open the uploads to go on with, and where it is noted how far the new ones are; closed
   *     by the caller, after the transfer
   */
  public ImageTarget asTarget(Chunks chunks, OpenUploads open) {
    return new RegistryTarget(this, new UploadPolicy(chunks, open));
  }

  /**
   * Asks a registry whether it is one and takes the credentials, before work begins.
   *
   * @param registry {@code host[:port]}, as in image names
   * @throws io.mirrorimages.mirror.MirrorException with a line that says what to do: {@code DENIED}
   *     if the credentials are refused, {@code NETWORK} if it can't be reached, is not trusted or
   *     is no registry
   */
  public void check(String registry) throws IOException {
    new Probe(client(Reference.checkRegistry(registry))).run();
  }

  /** The API of its own that a registry has beside the protocol, as Harbor does. */
  public RegistryApi api(String registry) {
    return new RegistryApi(client(Reference.checkRegistry(registry)));
  }

  Manifests manifests(Repository repository) {
    return new Manifests(client(repository.registry()));
  }

  Blobs blobs(Repository repository) {
    return new Blobs(client(repository.registry()));
  }

  private RegistryClient client(String registry) {
    return clients.computeIfAbsent(
        registry, name -> new RegistryClient(name, transport, settings, timer, pace));
  }

  /**
   * Closes all connections and ends all waits at once; what is under way fails. May be called from
   * any thread.
   */
  @Override
  public void close() {
    timer.close();
    transport.close();
  }
}
