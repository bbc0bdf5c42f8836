package io.mirrorimages.registry.upload;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.wire.ContentException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * An upload session that is ended by one PUT with the whole blob and its length: the form that
 * every registry takes, and that Harbor counts right against a quota.
 */
final class SessionUpload implements BlobUpload {
  private final UploadCalls calls;
  private final UploadPolicy policy;
  private final UploadCalls.Session session;
  private boolean ended;

  SessionUpload(UploadCalls calls, UploadPolicy policy, UploadCalls.Session session) {
    this.calls = calls;
    this.policy = policy;
    this.session = session;
  }

  @Override
  public boolean mounted() {
    return false;
  }

  @Override
  public void send(InputStream content) throws IOException {
    content.mark(Integer.MAX_VALUE);
    Request.Once body = new Request.Once(content, calls.blob().size());
    try (UploadRequests.RunningRequest request = policy.requests().begin(body.length());
        Response answer = calls.put(session.location(), body)) {
      if (answer.status() == 413 && policy.tooLarge(calls.repository(), body.length())) {
        answer.finish();
        sendInChunks(body);
        return;
      }
      if (answer.status() == 404) {
        policy.lost(session, calls.repository());
      }
      if (!UploadCalls.isStored(answer)) {
        throw calls.refusal(answer);
      }
      answer.finish();
      request.taken();
    } catch (ContentException e) {
      throw e.original();
    } catch (IOException e) {
      if (!Retries.isTransient(e)) {
        throw e;
      }
      // The blob may have arrived and only the answer been lost. To ask may have to wait.
      body.rewind();
      if (!calls.isThere(e)) {
        long most = calls.client().mostPerRequest();
        boolean smaller = policy.goesSmaller(calls.repository(), body.length(), 0, most);
        throw smaller && e instanceof TransferException failure ? failure.afterOutage() : e;
      }
    }
    ended = true;
  }

  private void sendInChunks(Request.Once body) throws IOException {
    close();
    body.rewind();
    try (ChunkedUpload chunks = new ChunkedUpload(calls, policy, Optional.empty())) {
      chunks.send(body.content());
    }
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      calls.cancel(session.location());
    }
  }
}
