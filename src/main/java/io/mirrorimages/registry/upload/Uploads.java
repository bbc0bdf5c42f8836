package io.mirrorimages.registry.upload;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.registry.client.RegistryClient;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Response;
import java.io.IOException;
import java.util.Optional;

/**
 * How blobs begin their way into a registry: by a mount from where they are, or as an upload
 * (distribution-spec end-4a, end-11). Thread-safe.
 */
public final class Uploads {
  private final RegistryClient client;
  private final UploadPolicy policy;

  /** Uploads to one registry; makes no request yet. */
  public Uploads(RegistryClient client, UploadPolicy policy) {
    this.client = client;
    this.policy = policy;
  }

  /**
   * Begins an upload (end-4a, end-11), which the caller closes.
   *
   * @param mountFrom where the blob may be; the repository itself, if it is to be asked first
   */
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom)
      throws IOException {
    UploadCalls calls = new UploadCalls(client, repository, blob);
    Mount mount = new Mount(false, Optional.empty());
    if (mountFrom.isPresent()) {
      mount = mountFrom.get().equals(repository) ? find(calls) : mount(calls, mountFrom.get());
    }
    if (mount.done()) {
      return new MountedBlob();
    }
    if (policy.cuts(repository, blob, client.mostPerRequest())) {
      return new ChunkedUpload(calls, policy, mount.session());
    }
    return new SessionUpload(
        calls, policy, mount.session().isPresent() ? mount.session().get() : calls.begin());
  }

  /**
   * What came of a mount.
   *
   * @param done whether the blob is there now
   * @param session the upload that the registry began instead, if it did
   */
  private record Mount(boolean done, Optional<UploadCalls.Session> session) {}

  /** What came of a mount that was answered with an upload session. */
  private Mount begun(UploadCalls calls, Response answer) throws IOException {
    UploadCalls.Session session = calls.session(answer).afterMount();
    return new Mount(
        false, Optional.of(session).filter(s -> policy.usesMountSessionsAt(calls.repository())));
  }

  /**
   * Asks for the blob where it is to go: by a mount from there, which begins the upload if it is
   * not there, or by a HEAD where the registry refuses that.
   */
  private Mount find(UploadCalls calls) throws IOException {
    Repository repository = calls.repository();
    if (policy.selfMountsAt(repository)) {
      try (Response answer = calls.mount(repository)) {
        if (answer.status() == 202) {
          return begun(calls, answer);
        }
        answer.finish();
        if (answer.status() == 201) {
          return new Mount(true, Optional.empty());
        }
        if (!Failures.isPassing(answer.status())) {
          policy.noSelfMountsAt(repository);
        }
      } catch (TransferException e) {
        if (!e.isTransient()) {
          throw e;
        }
      }
    }
    return new Mount(calls.has(), Optional.empty());
  }

  private Mount mount(UploadCalls calls, Repository from) throws IOException {
    boolean[] answered = {false};
    try {
      return client.retrying(() -> mountOnce(calls, from, answered));
    } catch (TransferException e) {
      // No token that reads there, but perhaps one for here alone; or mounts fail, not uploads.
      if (e.reason() == FailureKind.DENIED || answered[0]) {
        return new Mount(false, Optional.empty());
      }
      throw e;
    }
  }

  /** A saving that does not come off is tried once more, and costs no image. */
  private Mount mountOnce(UploadCalls calls, Repository from, boolean[] answered)
      throws IOException {
    boolean again = answered[0];
    answered[0] = false;
    try (Response answer = calls.mount(from)) {
      answered[0] = true;
      if (answer.status() == 202 && answer.header("Location").isPresent()) {
        return begun(calls, answer);
      }
      if (Failures.isPassing(answer.status()) && !again) {
        throw Failures.of(answer, calls.name());
      }
      answer.finish();
      return new Mount(answer.status() == 201, Optional.empty());
    }
  }
}
