package io.mirrorimages.registry.client;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.http.ContentCoding;
import io.mirrorimages.registry.http.ErrorText;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.limit.outage.HostWait;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A blob, or some of its bytes, asked for (distribution-spec end-2; ranges: RFC 9110, 14.2).
 *
 * @param client whom to ask
 * @param repository what the blob is asked for in
 * @param blob which one
 * @param access the right that is needed
 */
record BlobDownload(RegistryClient client, Repository repository, Descriptor blob, Access access) {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("\\s*bytes\\s+([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)\\s*");

  /** The bytes from {@code offset} on; see {@link Blobs#open}. */
  BlobStream rest(long offset, boolean skipping) throws IOException {
    return request(offset, blob.size(), skipping);
  }

  /** The bytes between; see {@link Blobs#part}. */
  BlobStream part(long from, long to) throws IOException {
    return request(from, to, false);
  }

  private BlobStream request(long from, long to, boolean skipping) throws IOException {
    Request call = client.call("GET", Blobs.path(repository, blob));
    boolean part = from > 0 || to < blob.size();
    Response answer = client.send(part ? call.with("Range", range(from, to)) : call, access);
    boolean noPart = answer.status() == 416 || isPartOfCoded(answer);
    if (!skipping && from > 0 && (noPart || answer.status() == 200)) {
      answer.close();
      throw new NoRangeException(answer.call().url().authority(), Blobs.name(repository, blob));
    }
    if (part && noPart) {
      // Nothing of it is read: distribution 2.8 promises the whole blob's length here.
      answer.close();
      answer = client.send(call, access);
    }
    try {
      return stream(from, to, answer);
    } catch (IOException | RuntimeException e) {
      answer.close();
      throw e;
    }
  }

  /** What goes to the blob's end is asked for without naming it. */
  private String range(long from, long to) {
    return "bytes=" + from + "-" + (to < blob.size() ? to - 1 : "");
  }

  private BlobStream stream(long from, long to, Response answer) throws IOException {
    return switch (answer.status()) {
      case 200 -> blobStream(answer, whole(answer), 0, blob.size()).skippingTo(from);
      case 206 -> {
        checkRange(from, to, answer);
        yield blobStream(answer, answer.body(), from, to);
      }
      default -> throw Failures.of(answer, Blobs.name(repository, blob));
    };
  }

  private BlobStream blobStream(Response answer, InputStream body, long from, long end) {
    String server = answer.call().url().server();
    ResponseConnection connection =
        new ResponseConnection(client, answer, server, client.label(server));
    return new BlobStream(connection, body, client.limits(), from, end);
  }

  private record ResponseConnection(
      RegistryClient client, Response answer, String server, String label)
      implements BlobStream.Connection {
    @Override
    public HostWait reading() {
      return client.waitFor(server, label);
    }

    @Override
    public void heard() {
      client.limits().outages().heard(server);
    }

    @Override
    public IOException failure(IOException e) throws IOException {
      return client.failure(e, answer);
    }

    @Override
    public TransferException garbled(String what) {
      return Failures.garbled(answer, what);
    }

    @Override
    public void finish() {
      answer.finish();
    }

    @Override
    public void close() {
      answer.close();
    }
  }

  /** The blob's own bytes. A label alone, on bytes of the right number, says nothing. */
  private InputStream whole(Response answer) throws IOException {
    Optional<String> coding = ContentCoding.of(answer);
    OptionalLong length = Blobs.length(answer);
    if (coding.isEmpty() || (length.isPresent() && length.getAsLong() == blob.size())) {
      checkWhole(answer, length);
      return answer.body();
    }
    if (!ContentCoding.isGzip(coding.get())) {
      throw Failures.garbled(
          answer,
          "sent "
              + Blobs.name(repository, blob)
              + " in the content coding "
              + ErrorText.line(coding.get())
              + ", which it was not asked for, and which can't be decoded");
    }
    try {
      return length.isEmpty() && MediaTypes.isGzip(blob.mediaType())
          ? ContentCoding.decodedOnce(answer.body(), blob.size())
          : answer.decodedBody();
    } catch (IOException e) {
      throw client.failure(e, answer);
    }
  }

  /** Whether a part is one of coded bytes, by which the blob's own can't be continued. */
  private boolean isPartOfCoded(Response answer) {
    Matcher range = CONTENT_RANGE.matcher(answer.header("Content-Range").orElse(""));
    return answer.status() == 206
        && ContentCoding.of(answer).isPresent()
        && range.matches()
        && !range.group(3).equals(String.valueOf(blob.size()));
  }

  private void checkWhole(Response answer, OptionalLong length) throws TransferException {
    boolean right = length.isPresent() && length.getAsLong() == blob.size();
    if (!right && answer.isHtml()) {
      throw Failures.garbled(answer, "sent a web page for " + Blobs.name(repository, blob));
    }
    if (length.isPresent() && !right) {
      throw new TransferException(
          FailureKind.CORRUPT,
          answer.call().url().authority()
              + " has "
              + Blobs.name(repository, blob)
              + " with "
              + length.getAsLong()
              + " bytes, not "
              + blob.size());
    }
  }

  /** A part that is not the one asked for must never be taken for it (RFC 9110, 15.3.7). */
  private void checkRange(long from, long to, Response answer) throws TransferException {
    String range = answer.header("Content-Range").orElse("");
    Matcher parts = CONTENT_RANGE.matcher(range);
    boolean right =
        parts.matches()
            && Long.parseLong(parts.group(1)) == from
            && Long.parseLong(parts.group(2)) == to - 1
            && (parts.group(3).equals("*") || Long.parseLong(parts.group(3)) == blob.size());
    if (!right) {
      throw Failures.garbled(
          answer,
          "sent another part of "
              + Blobs.name(repository, blob)
              + " than the one from byte "
              + from);
    }
  }
}
