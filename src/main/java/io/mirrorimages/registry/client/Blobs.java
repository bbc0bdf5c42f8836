package io.mirrorimages.registry.client;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.http.ContentCoding;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import java.io.IOException;
import java.util.OptionalLong;

/** The blobs that a registry has (distribution-spec end-2). Thread-safe. */
public final class Blobs {
  private final RegistryClient client;

  /** Those of one registry; makes no request yet. */
  public Blobs(RegistryClient client) {
    this.client = client;
  }

  /**
   * Whether the blob is there with the size it must have. By HEAD; where that is refused, as by
   * storage whose addresses are signed for GET, by a GET of one byte.
   */
  public boolean has(Repository repository, Descriptor blob, Access access) throws IOException {
    return client.retrying(
        () ->
            client.refusals().refusesHeads()
                ? get(repository, blob, access)
                : head(repository, blob, access));
  }

  /** The same, not taking HEAD's word for it that the blob is not there. */
  public boolean isThere(Repository repository, Descriptor blob, Access access) throws IOException {
    return has(repository, blob, access)
        || (!client.refusals().refusesHeads()
            && client.retrying(() -> get(repository, blob, access)));
  }

  private boolean head(Repository repository, Descriptor blob, Access access) throws IOException {
    TransferException refusal;
    try (Response answer = client.send(client.call("HEAD", path(repository, blob)), access)) {
      if (answer.status() == 200) {
        return isRight(answer, length(answer), blob);
      }
      if (answer.status() == 404) {
        return false;
      }
      boolean limited = HeadRefusals.isLimit(answer);
      refusal = Failures.of(answer, name(repository, blob));
      if (limited) {
        throw refusal;
      }
    }
    try {
      boolean there = get(repository, blob, access);
      if (there) {
        client.refusals().headWasRefused();
      }
      return there;
    } catch (TransferException e) {
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  private boolean get(Repository repository, Descriptor blob, Access access) throws IOException {
    Request call = client.call("GET", path(repository, blob)).with("Range", "bytes=0-0");
    try (Response answer = client.send(call, access)) {
      return switch (answer.status()) {
        case 200 -> {
          OptionalLong length = length(answer);
          if (length.isEmpty() && answer.isHtml()) {
            throw Failures.garbled(answer, "sent a web page for " + name(repository, blob));
          }
          yield isRight(answer, length, blob);
        }
        case 206 -> {
          String range = answer.header("Content-Range").orElse("");
          answer.finish();
          yield isRight(answer, number(range.substring(range.indexOf('/') + 1)), blob);
        }
        case 404 -> {
          answer.finish();
          yield false;
        }
        case 416 ->
            // No byte of an empty blob can be had.
            blob.size() == 0;
        default -> throw Failures.of(answer, name(repository, blob));
      };
    }
  }

  /** The length of what is encoded is another one. */
  private static boolean isRight(Response answer, OptionalLong length, Descriptor blob) {
    return length.isEmpty()
        || length.getAsLong() == blob.size()
        || ContentCoding.of(answer).isPresent();
  }

  /**
   * The bytes from {@code offset} on; the stream fails if there are more or fewer. Not retried
   * here: the reader has to be able to resume anyway.
   */
  public BlobStream open(Repository repository, Descriptor blob, long offset, Access access)
      throws IOException {
    return open(repository, blob, offset, access, true);
  }

  /**
   * As {@link #open(Repository, Descriptor, long, Access)}.
   *
   * @param skipping whether a server that sends the whole blob in place of its rest is borne with;
   *     once it has sent something it is, in any case
   */
  public BlobStream open(
      Repository repository, Descriptor blob, long offset, Access access, boolean skipping)
      throws IOException {
    return new BlobDownload(client, repository, blob, access).rest(offset, skipping);
  }

  /**
   * The bytes from {@code from} on, up to but not including {@code to}. A server that sends no
   * parts sends all of it if {@code from} is 0; else that is a {@link NoRangeException}.
   */
  public BlobStream part(Repository repository, Descriptor blob, long from, long to, Access access)
      throws IOException {
    return new BlobDownload(client, repository, blob, access).part(from, to);
  }

  /** What the user reads of a blob: repository and digest. */
  public static String name(Repository repository, Descriptor blob) {
    return repository + "@" + blob.digest();
  }

  static String path(Repository repository, Descriptor blob) {
    return repository.path() + "/blobs/" + blob.digest();
  }

  static OptionalLong length(Response answer) {
    return number(answer.header("Content-Length").orElse(""));
  }

  private static OptionalLong number(String text) {
    return text.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }
}
