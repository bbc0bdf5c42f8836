package io.mirrorimages.testing.harbor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a {@link HarborFront} saw. Thread-safe. */
public final class HarborCounts {
  /** Until as many as are expected are there; all but a run that hangs comes to that. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** For one more than that, which may not come. */
  private static final Duration LONGER = Duration.ofSeconds(1);

  private final List<String> requests = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final Map<String, Integer> uploads = new HashMap<>();
  private final Map<String, Integer> transfers = new HashMap<>();
  private int highestTransfers;
  private int highestOfOneBlob;
  private boolean gathered;
  private int tokens;
  private int tagsBeforeBlobs;
  private int secretsElsewhere;
  private int openSessions;
  private long received;
  private int pulls;

  /** Every request, as {@code METHOD target}. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** The requests that match a regular expression somewhere. */
  public synchronized List<String> requests(String regex) {
    return requests.stream().filter(java.util.regex.Pattern.compile(regex).asPredicate()).toList();
  }

  /** What no client should send. */
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  /** How often each digest was uploaded whole. */
  public synchronized Map<String, Integer> uploads() {
    return Map.copyOf(uploads);
  }

  /**
   * The most blobs whose bytes came at the same time. One that a client gave up and sends anew is
   * one: of the first request it is not known here for a while that nobody waits for it.
   */
  public synchronized int highestTransfers() {
    return highestTransfers;
  }

  /** The most bodies that came of one blob at the same time. */
  public synchronized int highestOfOneBlob() {
    return highestOfOneBlob;
  }

  /** Tokens issued. */
  public synchronized int tokens() {
    return tokens;
  }

  /** Manifests that came before what they name. */
  public synchronized int tagsBeforeBlobs() {
    return tagsBeforeBlobs;
  }

  /** Requests with an Authorization at a host that is not this one. */
  public synchronized int secretsElsewhere() {
    return secretsElsewhere;
  }

  /** Upload sessions that were neither ended nor given up. */
  public synchronized int openSessions() {
    return openSessions;
  }

  /** Bytes of blobs that were read. */
  public synchronized long received() {
    return received;
  }

  /**
   * GETs of manifests, children too, each of which counts as a pull of the artifact; HEADs don't.
   */
  public synchronized int pulls() {
    return pulls;
  }

  synchronized void pulled() {
    pulls++;
  }

  synchronized void request(String line) {
    requests.add(line);
  }

  synchronized void violation(String line) {
    violations.add(line);
  }

  synchronized void uploaded(String digest) {
    uploads.merge(digest, 1, Integer::sum);
  }

  synchronized void token() {
    tokens++;
  }

  synchronized void tagBeforeBlobs() {
    tagsBeforeBlobs++;
  }

  synchronized void secretElsewhere() {
    secretsElsewhere++;
  }

  synchronized void sessions(int more) {
    openSessions += more;
  }

  synchronized void received(long bytes) {
    received += bytes;
  }

  /**
   * Begins a transfer; the first ones wait until {@code company} are there at once, however long
   * that takes, and a second more for another one.
   */
  synchronized void beginTransfer(String blob, int company) {
    highestOfOneBlob = Math.max(highestOfOneBlob, transfers.merge(blob, 1, Integer::sum));
    highestTransfers = Math.max(highestTransfers, transfers.size());
    notifyAll();
    if (company > 0 && !gathered) {
      await(company, PATIENCE);
      await(company + 1, LONGER);
      gathered = true;
      notifyAll();
    }
  }

  private synchronized void await(int company, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (highestTransfers < company && !gathered) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        return;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  synchronized void endTransfer(String blob) {
    transfers.computeIfPresent(blob, (b, count) -> count > 1 ? count - 1 : null);
  }
}
