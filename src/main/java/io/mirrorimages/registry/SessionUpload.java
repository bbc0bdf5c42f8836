package io.mirrorimages.registry;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageTarget.BlobUpload;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.mirror.Retries;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/**
 * An upload session that is ended by one PUT with the whole blob and its length: the form that
 * every registry takes, and that Harbor counts right against a quota.
 */
final class SessionUpload implements BlobUpload {
  private static final Set<Integer> STORED = Set.of(200, 201, 202, 204);

  private final RegistryClient client;
  private final Blobs blobs;
  private final Repository repository;
  private final Descriptor blob;
  private final Access access;
  private final Url location;
  private boolean stored;

  SessionUpload(
      RegistryClient client,
      Blobs blobs,
      Repository repository,
      Descriptor blob,
      Access access,
      Url location) {
    this.client = client;
    this.blobs = blobs;
    this.repository = repository;
    this.blob = blob;
    this.access = access;
    this.location = location;
  }

  @Override
  public boolean mounted() {
    return false;
  }

  @Override
  public void send(InputStream content) throws IOException {
    if (client.url("").isHttps() && !location.isHttps()) {
      throw new MirrorException(
          Reason.NETWORK, client.registry() + " wants a blob sent over plain http; refused");
    }
    Call call =
        Call.of(
                "PUT",
                location.with("digest", blob.digest().toString()),
                client.timeouts().commit())
            .with(new Call.Once(content, blob.size()));
    try (Answer answer = client.send(call, access)) {
      if (!STORED.contains(answer.status())) {
        throw refusal(answer);
      }
      answer.finish();
    } catch (ContentException e) {
      throw e.original();
    } catch (IOException e) {
      // The blob may have arrived and only the answer been lost.
      if (!Retries.isTransient(e) || !isThere(e)) {
        throw e;
      }
    }
    stored = true;
  }

  private MirrorException refusal(Answer answer) {
    int status = answer.status();
    MirrorException failure = Failures.of(answer, Blobs.name(repository, blob));
    // A token that ran out, or a session that another replica does not know yet: a new upload may
    // do. Beginning one has shown that the right is there.
    return status == 401 || status == 404
        ? MirrorException.passing(Reason.NETWORK, failure.getMessage(), failure, Optional.empty())
        : failure;
  }

  private boolean isThere(IOException failure) {
    try {
      return blobs.has(repository, blob, access);
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  @Override
  public void close() {
    if (stored) {
      return;
    }
    stored = true;
    Call call = Call.of("DELETE", location, client.timeouts().connect());
    try (Answer answer = client.send(call, access)) {
      answer.finish();
    } catch (IOException e) {
      // Registries clear away what was left; and often the right to do it here is missing.
    }
  }
}
