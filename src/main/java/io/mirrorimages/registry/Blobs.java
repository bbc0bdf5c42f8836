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
   * @param skipping whether a server that sends the whole blob in place of its rest is borne with
   */
  InputStream open(
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

  private InputStream stream(Repository repository, Descriptor blob, long offset, Answer answer)
      throws IOException {
    switch (answer.status()) {
      case 200 -> {
        checkWhole(repository, blob, answer);
        BlobBody body = new BlobBody(client, answer, blob.size());
        body.skipNBytes(offset);
        return body;
      }
      case 206 -> {
        checkRange(repository, blob, offset, answer);
        return new BlobBody(client, answer, blob.size() - offset);
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
  BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom)
      throws IOException {
    Access access = Access.push(repository);
    if (mountFrom.isPresent()) {
      Optional<BlobUpload> mounted = mount(repository, blob, mountFrom.get(), access);
      if (mounted.isPresent()) {
        return mounted.get();
      }
    }
    return client.retrying(
        () -> {
          Call call = client.call("POST", repository.path() + "/blobs/uploads/");
          try (Answer answer = client.send(call, access)) {
            return upload(repository, blob, access, answer);
          }
        });
  }

  /** Empty if the registry refuses to mount, so that the blob is to be sent after all. */
  private Optional<BlobUpload> mount(
      Repository repository, Descriptor blob, Repository from, Access access) throws IOException {
    try {
      return client.retrying(
          () -> {
            Url url =
                client
                    .url(repository.path() + "/blobs/uploads/")
                    .with("mount", blob.digest().toString())
                    .with("from", from.path());
            Call call = Call.of("POST", url, client.timeouts().stall());
            try (Answer answer = client.send(call, access.andPull(from))) {
              if (answer.status() == 201) {
                answer.finish();
                return Optional.of(new MountedBlob());
              }
              if (answer.status() >= 400 && !Failures.isPassing(answer.status())) {
                answer.finish();
                return Optional.empty();
              }
              return Optional.of(upload(repository, blob, access, answer));
            }
          });
    } catch (MirrorException e) {
      if (e.reason() == Reason.DENIED) {
        // No token that reads there; one for here alone may be given.
        return Optional.empty();
      }
      throw e;
    }
  }

  private BlobUpload upload(Repository repository, Descriptor blob, Access access, Answer answer)
      throws IOException {
    if (answer.status() != 202) {
      throw Failures.of(answer, name(repository, blob));
    }
    answer.finish();
    try {
      Url location =
          UploadLocation.of(answer, client.url(""))
              .orElseThrow(() -> Failures.garbled(answer, "began an upload without a Location"));
      return new SessionUpload(client, this, repository, blob, access, location);
    } catch (IllegalArgumentException e) {
      throw Failures.garbled(answer, "began an upload at something that is no address");
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
