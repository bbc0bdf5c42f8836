package io.mirrorimages.registry.upload;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.client.RegistryClient;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Url;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Uploads that are begun, carry bytes, and are given up: what a registry and everything before it
 * takes is learned by them, and no blob comes of them. Used by one thread; calls block.
 */
public final class UploadTrial {
  private final UploadCalls calls;

  /** Trials at one repository; makes no request yet. */
  public UploadTrial(RegistryClient client, Repository repository) {
    this.calls =
        new UploadCalls(
            client,
            repository,
            new Descriptor("application/octet-stream", Digest.sha256(new byte[0]), 0),
            "an upload to " + repository);
  }

  /** What became of the bytes. */
  public enum Fate {
    /** They were taken. */
    TAKEN,
    /** The request was too large (413). */
    TOO_LARGE,
    /** The registry takes blobs in one piece only, which can't be given up. */
    UNWANTED,
    /** Something else. */
    FAILED
  }

  /**
   * A trial that could be begun.
   *
   * @param fate what became of the bytes
   * @param failure what was said where they were not taken; else empty
   * @param sending how long they were on their way
   * @param waiting how long the answer took after the last one
   * @param cancelled whether the upload is gone; else the registry clears it away itself, after
   *     days
   */
  public record TrialOutcome(
      Fate fate, String failure, Duration sending, Duration waiting, boolean cancelled) {}

  /**
   * Sends so many bytes.
   *
   * @param bytes 1 or more
   * @throws TransferException if no upload can be begun
   */
  public TrialOutcome send(long bytes) throws IOException {
    Url location = calls.begin().location();
    Zeros content = new Zeros(bytes);
    long began = System.nanoTime();
    Fate fate = Fate.FAILED;
    String failure = "";
    try (Response answer = calls.patch(location, content, 0, bytes)) {
      if (UploadCalls.isStored(answer)) {
        answer.finish();
        fate = Fate.TAKEN;
        location = calls.location(answer).orElse(location);
      } else {
        fate =
            answer.status() == 413
                ? Fate.TOO_LARGE
                : UploadCalls.isUnwanted(answer) ? Fate.UNWANTED : Fate.FAILED;
        failure = calls.refusal(answer).getMessage();
      }
    } catch (TransferException e) {
      failure = e.getMessage();
    }
    long ended = System.nanoTime();
    long sent = content.end().orElse(ended);
    return new TrialOutcome(
        fate,
        failure,
        Duration.ofNanos(sent - began),
        Duration.ofNanos(ended - sent),
        calls.cancel(location));
  }

  /** Nothing but zeros; knows when its last byte was read. */
  private static final class Zeros extends BulkInputStream {
    private long left;
    private Optional<Long> end = Optional.empty();

    Zeros(long length) {
      this.left = length;
    }

    /** When it came to its end, by {@link System#nanoTime}. */
    Optional<Long> end() {
      return end;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      java.util.Arrays.fill(buffer, offset, offset + count, (byte) 0);
      left -= count;
      if (left == 0) {
        end = Optional.of(System.nanoTime());
      }
      return count;
    }
  }
}
