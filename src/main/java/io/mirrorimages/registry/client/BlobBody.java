package io.mirrorimages.registry.client;

import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.limit.outage.HostWait;
import java.io.IOException;
import java.io.InputStream;

/**
 * A blob's bytes on their way, of exactly the length they must have: an answer without
 * Content-Length could end early and look whole. Closing it before the end cuts the connection.
 */
final class BlobBody extends BulkInputStream {
  private final RegistryClient client;
  private final Response answer;
  private final InputStream body;
  private final String server;
  private final String label;
  private long left;
  private boolean ended;

  /**
   * @param body what the answer brings, decoded
   */
  BlobBody(RegistryClient client, Response answer, InputStream body, long length) {
    this.client = client;
    this.answer = answer;
    this.body = body;
    this.server = answer.call().url().server();
    this.label = client.label(server);
    this.left = length;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (ended) {
      return -1;
    }
    int count;
    try (HostWait _ = client.waitFor(server, label)) {
      count = body.read(buffer, offset, length);
    } catch (IOException e) {
      throw client.failure(e, answer);
    }
    client.limits().outages().heard(server);
    if (count < 0 && left > 0) {
      throw Failures.garbled(answer, "ended a blob " + left + " bytes early");
    }
    if (count > left) {
      throw Failures.garbled(answer, "sent more bytes than the blob has");
    }
    if (count < 0) {
      ended = true;
      return -1;
    }
    left -= count;
    return count;
  }

  @Override
  public void close() {
    if (left == 0 && !ended) {
      // The last bytes are read, the end may not have been: with it the connection is kept.
      answer.finish();
    } else {
      answer.close();
    }
  }
}
