package io.mirrorimages.registry;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageTarget.BlobUpload;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** The blob endpoints of a registry (distribution-spec end-2, end-4, end-11). Thread-safe. */
final class Blobs {
  private final RegistryClient client;

  Blobs(RegistryClient client) {
    this.client = client;
  }

  /** Whether the blob is there with the size it must have. */
  boolean has(Repository repository, Descriptor blob, Access access) throws IOException {
    return client.retrying(
        () -> {
          Call call = client.call("HEAD", path(repository, blob));
          try (Answer answer = client.send(call, access)) {
            return switch (answer.status()) {
              case 200 -> {
                OptionalLong length = length(answer);
                yield length.isEmpty() || length.getAsLong() == blob.size();
              }
              case 404 -> false;
              default -> throw Failures.of(answer, name(repository, blob));
            };
          }
        });
  }

  /**
   * The bytes from {@code offset} on; the stream fails if there are more or fewer. Not retried
   * here: whoever reads has to be able to begin again anyway.
   */
  InputStream open(Repository repository, Descriptor blob, long offset, Access access)
      throws IOException {
    return open(repository, blob, offset, access, true);
  }

  /**
   * As {@link #open(Repository, Descriptor, long, Access)}.
   *
   * @param skipping whether a server that sends the whole blob in place of its rest is borne with;
   *     once it has sent something it is, in any case
   */
  InputStream open(
      Repository repository, Descriptor blob, long offset, Access access, boolean skipping)
      throws IOException {
    return new BlobDownload(client, repository, blob, access).rest(offset, skipping);
  }

  /**
   * The bytes from {@code from} on, up to but not including {@code to}. A server that sends no
   * parts sends all of it if {@code from} is 0; else that is a {@link NoRangeException}.
   */
  PausableBlob part(Repository repository, Descriptor blob, long from, long to, Access access)
      throws IOException {
    return new BlobDownload(client, repository, blob, access).part(from, to);
  }

  /**
   * Begins an upload (end-4a, end-11), which the caller closes.
   *
   * @param mountFrom where the blob may be; the repository itself, if it is to be asked first
   */
  BlobUpload begin(
      Repository repository, Descriptor blob, Optional<Repository> mountFrom, UploadPolicy policy)
      throws IOException {
    UploadCalls calls = new UploadCalls(client, this, repository, blob);
    Mount mount = new Mount(false, Optional.empty());
    if (mountFrom.isPresent()) {
      mount =
          mountFrom.get().equals(repository) ? find(calls, policy) : mount(calls, mountFrom.get());
    }
    if (mount.done()) {
      return new MountedBlob();
    }
    if (policy.cuts(repository, blob)) {
      return new ChunkedUpload(calls, policy, mount.session());
    }
    return new SessionUpload(
        calls, mount.session().isPresent() ? mount.session().get() : calls.begin());
  }

  /**
   * What came of a mount.
   *
   * @param done whether the blob is there now
   * @param session the upload that the registry began instead, if it did
   */
  private record Mount(boolean done, Optional<UploadCalls.Session> session) {}

  /**
   * Asks for the blob where it is to go: by a mount from there, which begins the upload if it is
   * not there, or by a HEAD where the registry refuses that.
   */
  private Mount find(UploadCalls calls, UploadPolicy policy) throws IOException {
    Repository repository = calls.repository();
    if (policy.selfMountsAt(repository)) {
      try (Answer answer = calls.mount(repository)) {
        if (answer.status() == 202) {
          return new Mount(false, Optional.of(calls.session(answer)));
        }
        answer.finish();
        if (answer.status() == 201) {
          return new Mount(true, Optional.empty());
        }
        if (!Failures.isPassing(answer.status())) {
          policy.noSelfMountsAt(repository);
        }
      } catch (MirrorException e) {
        if (!e.isTransient()) {
          throw e;
        }
      }
    }
    boolean there = has(repository, calls.blob(), Access.push(repository));
    return new Mount(there, Optional.empty());
  }

  private Mount mount(UploadCalls calls, Repository from) throws IOException {
    try {
      return client.retrying(
          () -> {
            try (Answer answer = calls.mount(from)) {
              if (answer.status() == 201) {
                answer.finish();
                return new Mount(true, Optional.empty());
              }
              if (answer.status() >= 400 && !Failures.isPassing(answer.status())) {
                answer.finish();
                return new Mount(false, Optional.empty());
              }
              return new Mount(false, Optional.of(calls.session(answer)));
            }
          });
    } catch (MirrorException e) {
      if (e.reason() == Reason.DENIED) {
        // No token that reads there; one for here alone may be given.
        return new Mount(false, Optional.empty());
      }
      throw e;
    }
  }

  static String name(Repository repository, Descriptor blob) {
    return repository + "@" + blob.digest();
  }

  static String path(Repository repository, Descriptor blob) {
    return repository.path() + "/blobs/" + blob.digest();
  }

  static OptionalLong length(Answer answer) {
    return answer
        .header("Content-Length")
        .filter(value -> value.matches("[0-9]{1,18}"))
        .map(value -> OptionalLong.of(Long.parseLong(value)))
        .orElse(OptionalLong.empty());
  }
}
