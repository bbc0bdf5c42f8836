package io.mirrorimages.registry.upload;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.client.Blobs;
import io.mirrorimages.registry.client.RegistryClient;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Url;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests that the upload of one blob is made of (distribution-spec end-4 to end-6, end-13).
 * Nothing is retried here but {@link #begin}.
 */
final class UploadCalls {
  private static final Set<Integer> STORED = Set.of(200, 201, 202, 204);

  /** What registries answer to a chunk that want the blob in one piece, or in other pieces. */
  private static final Set<Integer> NO_CHUNKS = Set.of(400, 405, 411, 415, 416, 501);

  private static final Pattern RANGE = Pattern.compile("\\s*(?:bytes[= ])?0-([0-9]{1,18})\\s*");

  private final RegistryClient client;
  private final Repository repository;
  private final Descriptor blob;
  private final String name;
  private final Access access;
  private final BytesSender sender;

  UploadCalls(RegistryClient client, Repository repository, Descriptor blob) {
    this(client, repository, blob, Blobs.name(repository, blob));
  }

  /**
   * @param name what the user reads, where it is about no blob
   */
  UploadCalls(RegistryClient client, Repository repository, Descriptor blob, String name) {
    this.name = name;
    this.client = client;
    this.repository = repository;
    this.blob = blob;
    this.access = Access.push(repository);
    this.sender = new BytesSender(client, access);
  }

  /**
   * An upload session as the registry began it.
   *
   * @param location where it goes on
   * @param leastChunk the fewest bytes a chunk may have but for the last; 0 if any do
   * @param ofMount whether it was begun in place of a mount
   */
  record Session(Url location, long leastChunk, boolean ofMount) {
    Session afterMount() {
      return new Session(location, leastChunk, true);
    }
  }

  /**
   * How far a session is.
   *
   * @param location where it goes on
   * @param offset how many bytes the registry has
   */
  record Received(Url location, long offset) {}

  Repository repository() {
    return repository;
  }

  Descriptor blob() {
    return blob;
  }

  /** What the user reads: repository and digest, for an upload of a blob. */
  String name() {
    return name;
  }

  RegistryClient client() {
    return client;
  }

  /** Begins a session (end-4a). */
  Session begin() throws IOException {
    return client.retrying(
        () -> {
          Request call = client.call("POST", repository.path() + "/blobs/uploads/");
          try (Response answer = client.send(call, access)) {
            return session(answer);
          }
        });
  }

  /** Asks for the blob from a repository of the same registry (end-11); not retried here. */
  Response mount(Repository from) throws IOException {
    Url url =
        client
            .url(repository.path() + "/blobs/uploads/")
            .with("mount", blob.digest().toString())
            .with("from", from.path());
    Access both = from.equals(repository) ? access : access.andPull(from);
    return client.send(Request.of("POST", url, client.timeouts().stall()), both);
  }

  /** The session that an answer, also to a mount, begins. */
  Session session(Response answer) throws IOException {
    if (answer.status() != 202) {
      throw Failures.of(answer, name());
    }
    answer.finish();
    Url location =
        location(answer)
            .orElseThrow(() -> Failures.garbled(answer, "began an upload without a Location"));
    long leastChunk = number(answer, "OCI-Chunk-Min-Length", "([0-9]{1,18})").orElse(0);
    return new Session(location, leastChunk, false);
  }

  /** Sends {@code length} bytes of the content from byte {@code offset} on (end-5). */
  Response patch(Url location, InputStream content, long offset, long length) throws IOException {
    return sender.send(
        Request.of("PATCH", location, client.timeouts().commit())
            .with("Content-Range", offset + "-" + (offset + length - 1)),
        new Request.Once(content, length));
  }

  /** Ends a session with these bytes, which may be none or all (end-6). */
  Response put(Url location, Request.Body rest) throws IOException {
    return sender.send(
        Request.of(
            "PUT", location.with("digest", blob.digest().toString()), client.timeouts().commit()),
        rest);
  }

  /** How far the session is (end-13); empty if there is none, or the answer leaves any doubt. */
  Optional<Received> status(Url location) throws IOException {
    Request call = Request.of("GET", location, client.timeouts().stall());
    try (Response answer = client.send(call, access)) {
      if (Failures.isPassing(answer.status())) {
        throw Failures.of(answer, name());
      }
      answer.finish();
      OptionalLong offset = offset(answer);
      if (!isStored(answer) || offset.orElse(Long.MAX_VALUE) > blob.size()) {
        return Optional.empty();
      }
      // Of one byte and of none they say the same: 0-0. Chunks have more than one.
      long there = offset.getAsLong() == 1 ? 0 : offset.getAsLong();
      return Optional.of(new Received(location(answer).orElse(location), there));
    }
  }

  /** How many bytes the registry says it has; empty if it does not say so. */
  static OptionalLong offset(Response answer) {
    OptionalLong last = number(answer, "Range", RANGE.pattern());
    return last.isPresent() ? OptionalLong.of(last.getAsLong() + 1) : last;
  }

  /**
   * Gives a session up.
   *
   * @return whether it is gone; registries clear away what was left, and often the right to do it
   *     here is missing
   */
  boolean cancel(Url location) {
    Request call = Request.of("DELETE", location, client.timeouts().connect());
    try (Response answer = client.send(call, access)) {
      answer.finish();
      return isStored(answer) || answer.status() == 404;
    } catch (IOException e) {
      return false;
    }
  }

  static boolean isStored(Response answer) {
    return STORED.contains(answer.status());
  }

  /** Whether an answer to a chunk says that none is taken, or none of this size. */
  static boolean isUnwanted(Response answer) {
    return NO_CHUNKS.contains(answer.status());
  }

  /** Whether the blob is where it is to go. */
  boolean has() throws IOException {
    return new Blobs(client).has(repository, blob, access);
  }

  /** Whether the blob has arrived, and only the answer was lost that said so. */
  boolean isThere(IOException failure) {
    try {
      return has();
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  TransferException refusal(Response answer) {
    int status = answer.status();
    TransferException failure = Failures.of(answer, name());
    // A token that ran out, or a session that another replica does not know yet, or that is at
    // another byte: another request may do. Beginning it has shown that the right is there.
    return status == 401 || status == 404 || status == 416
        ? TransferException.passing(
            FailureKind.NETWORK, failure.getMessage(), failure, Optional.empty())
        : failure;
  }

  /** Where an answer says that the upload goes on; empty if it does not. */
  Optional<Url> location(Response answer) throws IOException {
    try {
      Url registry = client.url("");
      Optional<Url> location = UploadLocation.of(answer, registry);
      if (location.isPresent() && !isSecure(location.get(), registry)) {
        throw new TransferException(
            FailureKind.NETWORK, client.registry() + " wants a blob sent over plain http; refused");
      }
      return location;
    } catch (IllegalArgumentException e) {
      throw Failures.garbled(answer, "goes on with an upload at something that is no address");
    }
  }

  /** A location that was kept; empty if it is none, or the registry is reached by https now. */
  Optional<Url> location(String kept) throws IOException {
    try {
      Url registry = client.url("");
      return Optional.of(Url.parse(kept)).filter(location -> isSecure(location, registry));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether bytes that go there are as safe as at the registry itself. */
  private static boolean isSecure(Url location, Url registry) {
    return location.isHttps() || !registry.isHttps();
  }

  private static OptionalLong number(Response answer, String header, String pattern) {
    Matcher value = Pattern.compile(pattern).matcher(answer.header(header).orElse(""));
    return value.matches() ? OptionalLong.of(Long.parseLong(value.group(1))) : OptionalLong.empty();
  }
}
