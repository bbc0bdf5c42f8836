package io.mirrorimages.registry.client;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.http.Answer;
import io.mirrorimages.registry.http.Call;
import io.mirrorimages.registry.http.ContentCoding;
import io.mirrorimages.registry.http.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** The blobs that a registry has (distribution-spec end-2). Thread-safe. */
public final class Blobs {
  private final RegistryClient client;

  /** Those of one registry; makes no request yet. */
  public Blobs(RegistryClient client) {
    this.client = client;
  }

  /** Whether the blob is there with the size it must have. */
  public boolean has(Repository repository, Descriptor blob, Access access) throws IOException {
    return client.retrying(
        () -> {
          Call call = client.call("HEAD", path(repository, blob));
          try (Answer answer = client.send(call, access)) {
            return switch (answer.status()) {
              case 200 -> {
                OptionalLong length = length(answer);
                yield length.isEmpty()
                    || length.getAsLong() == blob.size()
                    || ContentCoding.of(answer).isPresent();
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
  public InputStream open(Repository repository, Descriptor blob, long offset, Access access)
      throws IOException {
    return open(repository, blob, offset, access, true);
  }

  /**
   * As {@link #open(Repository, Descriptor, long, Access)}.
   *
   * @param skipping whether a server that sends the whole blob in place of its rest is borne with;
   *     once it has sent something it is, in any case
   */
  public InputStream open(
      Repository repository, Descriptor blob, long offset, Access access, boolean skipping)
      throws IOException {
    return new BlobDownload(client, repository, blob, access).rest(offset, skipping);
  }

  /**
   * The bytes from {@code from} on, up to but not including {@code to}. A server that sends no
   * parts sends all of it if {@code from} is 0; else that is a {@link NoRangeException}.
   */
  public PausableBlob part(
      Repository repository, Descriptor blob, long from, long to, Access access)
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

  static OptionalLong length(Answer answer) {
    return answer
        .header("Content-Length")
        .filter(value -> value.matches("[0-9]{1,18}"))
        .map(value -> OptionalLong.of(Long.parseLong(value)))
        .orElse(OptionalLong.empty());
  }
}
