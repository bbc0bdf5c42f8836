package io.mirrorimages.torture;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the lines have seen: every blob's bytes in each direction, and what the target stored, in
 * its order. Thread-safe.
 */
final class Ledger {
  /** A request is progress too, as much as these many bytes. */
  private static final long REQUEST = 20_000;

  private final Sessions sessions;
  private final List<Transfer> transfers = new ArrayList<>();
  private final Map<String, Integer> hits = new HashMap<>();
  private final Map<String, Set<String>> stored = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private long progress;
  private long passed;
  private int open;

  /**
   * An empty one.
   *
   * @param sessions what is known of the target's uploads
   */
  Ledger(Sessions sessions) {
    this.sessions = sessions;
  }

  Sessions sessions() {
    return sessions;
  }

  /** A connection was opened, or closed. */
  synchronized void connection(boolean opened) {
    open += opened ? 1 : -1;
    notifyAll();
  }

  /** Waits until nobody is connected any more. */
  synchronized void awaitQuiet() throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (open > 0) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(open + " connections stay open");
      }
      wait(1000);
    }
  }

  synchronized void request() {
    progress += REQUEST;
    notifyAll();
  }

  /** Bytes of anything have been passed on. */
  synchronized void passed(int count) {
    passed += count;
  }

  /** How many bytes of anything have come through. */
  synchronized long passed() {
    return passed;
  }

  /** Bytes of a blob have been passed on. */
  void moved(Transfer transfer, int count) {
    transfer.moved(count);
    synchronized (this) {
      progress += count;
      notifyAll();
    }
  }

  /** How far it is: bytes, and requests. */
  synchronized long progress() {
    return progress;
  }

  /** Waits until it is so far, or a process has ended. */
  synchronized void awaitProgress(long wanted, Process process) throws InterruptedException {
    while (progress < wanted && process.isAlive()) {
      wait(20);
    }
  }

  /** A blob's bytes begin to flow. */
  synchronized Transfer begin(String digest, Transfer.Way way) {
    Transfer transfer = new Transfer(digest, way);
    transfers.add(transfer);
    return transfer;
  }

  /** Something befell a request about a blob that moved none of its bytes. */
  synchronized void hit(String digest) {
    hits.merge(digest, 1, Integer::sum);
  }

  /** Something befell an upload of which it is not known what blob it was to be of. */
  synchronized void hitUnknownUpload() {
    hit("");
  }

  /** What broke without a fault broke since its process is dead. */
  synchronized void explainByKill() {
    transfers.forEach(Transfer::explainByKill);
  }

  /** The target has confirmed a blob, or a manifest. */
  synchronized void stored(String repository, String digest) {
    stored.computeIfAbsent(repository, r -> new HashSet<>()).add(digest);
  }

  /** A manifest comes to the target: all that it names must be there. */
  synchronized void arrives(String repository, String name, byte[] bytes) {
    Manifest manifest = Manifest.parse(bytes, "");
    Set<String> there = stored.getOrDefault(repository, Set.of());
    Stream.concat(manifest.children().stream(), manifest.blobs().stream())
        .map(Descriptor::digest)
        .map(Digest::toString)
        .filter(digest -> !there.contains(digest))
        .forEach(
            digest -> violations.add(repository + ":" + name + " was sent before its " + digest));
  }

  /** Something happened that must never. */
  synchronized void violation(String what) {
    violations.add(what);
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  synchronized List<Transfer> transfers() {
    return List.copyOf(transfers);
  }

  /** Whether the source of any blob may have been left because of its upload. */
  synchronized boolean wasUnknownUploadHit() {
    return hits.containsKey("");
  }

  /** How often something befell a blob without moving its bytes. */
  synchronized int hits(String digest) {
    return hits.getOrDefault(digest, 0);
  }
}
