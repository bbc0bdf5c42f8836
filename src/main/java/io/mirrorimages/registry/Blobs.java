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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blob endpoints of a registry (distribution-spec end-2, end-4, end-11). Thread-safe. */
final class Blobs {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("\\s*bytes\\s+([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)\\s*");

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
    return new PausableBlob(
        from -> request(repository, blob, from, access, skipping || from > offset),
        client.traffic(),
        offset,
        blob.size());
  }

  private PausableBlob.Opened request(
      Repository repository, Descriptor blob, long offset, Access access, boolean skipping)
      throws IOException {
    Call call = client.call("GET", path(repository, blob));
    Answer answer =
        client.send(offset > 0 ? call.with("Range", "bytes=" + offset + "-") : call, access);
    if (!skipping && offset > 0 && (answer.status() == 416 || answer.status() == 200)) {
      answer.close();
      throw new NoRangeException(answer.call().url().authority(), name(repository, blob));
    }
    if (offset > 0 && answer.status() == 416) {
      // Nothing of it is read: distribution 2.8 promises the whole blob's length here.
      answer.close();
      answer = client.send(call, access);
    }
    try {
      return stream(repository, blob, offset, answer);
    } catch (IOException | RuntimeException e) {
      answer.close();
      throw e;
    }
  }

  private PausableBlob.Opened stream(
      Repository repository, Descriptor blob, long offset, Answer answer) throws IOException {
    switch (answer.status()) {
      case 200 -> {
        checkWhole(repository, blob, answer);
        BlobBody body = new BlobBody(client, answer, blob.size());
        body.skipNBytes(offset);
        return new PausableBlob.Opened(body, offset == 0);
      }
      case 206 -> {
        checkRange(repository, blob, offset, answer);
        return new PausableBlob.Opened(new BlobBody(client, answer, blob.size() - offset), true);
      }
      default -> throw Failures.of(answer, name(repository, blob));
    }
  }

  private static void checkWhole(Repository repository, Descriptor blob, Answer answer)
      throws MirrorException {
    OptionalLong length = length(answer);
    boolean right = length.isPresent() && length.getAsLong() == blob.size();
    if (!right && answer.isHtml()) {
      throw Failures.garbled(answer, "sent a web page for " + name(repository, blob));
    }
    if (length.isPresent() && !right) {
      throw new MirrorException(
          Reason.CORRUPT,
          answer.call().url().authority()
              + " has "
              + name(repository, blob)
              + " with "
              + length.getAsLong()
              + " bytes, not "
              + blob.size());
    }
  }

  /** A part that is not the one asked for must never be taken for it (RFC 9110, 15.3.7). */
  private static void checkRange(Repository repository, Descriptor blob, long offset, Answer answer)
      throws MirrorException {
    String range = answer.header("Content-Range").orElse("");
    Matcher parts = CONTENT_RANGE.matcher(range);
    boolean right =
        parts.matches()
            && Long.parseLong(parts.group(1)) == offset
            && Long.parseLong(parts.group(2)) == blob.size() - 1
            && (parts.group(3).equals("*") || Long.parseLong(parts.group(3)) == blob.size());
    if (!right) {
      throw Failures.garbled(
          answer,
          "sent another part of " + name(repository, blob) + " than the one from byte " + offset);
    }
  }

  /** Begins an upload (end-4a, end-11), which the caller closes. */
  BlobUpload begin(
      Repository repository, Descriptor blob, Optional<Repository> mountFrom, UploadPolicy policy)
      throws IOException {
    UploadCalls calls = new UploadCalls(client, this, repository, blob);
    Mount mount = new Mount(false, Optional.empty());
    if (mountFrom.isPresent()) {
      mount = mount(calls, mountFrom.get());
      policy.mounts().notStored(calls);
    } else if (policy.finds(repository, blob)) {
      mount = find(calls, policy);
    }
    if (mount.done()) {
      return new MountedBlob();
    }
    if (policy.cuts(repository, blob)) {
      return new ChunkedUpload(calls, policy, mount.session());
    }
    return new SessionUpload(
        calls,
        mount.session().isPresent() ? mount.session().get() : calls.begin(),
        policy.mounts());
  }

  /**
   * What came of a mount.
   *
   * @param done whether the blob is there now
   * @param session the upload that the registry began instead, if it did
   */
  private record Mount(boolean done, Optional<UploadCalls.Session> session) {}

  /** Asks for the blob where it is to go; in the usual way if the registry does not take that. */
  private Mount find(UploadCalls calls, UploadPolicy policy) throws IOException {
    Repository repository = calls.repository();
    Mount mount = mount(calls, repository);
    if (mount.done()) {
      policy.mounts().found(repository);
    }
    if (mount.done() || mount.session().isPresent()) {
      return mount;
    }
    policy.mounts().areRefusedAt(repository);
    return new Mount(has(repository, calls.blob(), Access.push(repository)), Optional.empty());
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

  private static String path(Repository repository, Descriptor blob) {
    return repository.path() + "/blobs/" + blob.digest();
  }

  private static OptionalLong length(Answer answer) {
    return answer
        .header("Content-Length")
        .filter(value -> value.matches("[0-9]{1,18}"))
        .map(value -> OptionalLong.of(Long.parseLong(value)))
        .orElse(OptionalLong.empty());
  }
}
