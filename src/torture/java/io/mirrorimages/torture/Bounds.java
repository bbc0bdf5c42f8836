package io.mirrorimages.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the bytes on the lines may be at most, for what befell them. */
final class Bounds {
  private static final long MIB = 1024 * 1024;

  /**
   * What the kernel may hold between one that writes and one that reads: sent, but lost with the
   * connection. On an idle machine next to nothing; here many processes want two cores.
   */
  private static final long SOCKET_BUFFERS = MIB;

  private final Ledger ledger;
  private final Map<String, Long> sizes;
  private final Duration stall;

  /**
   * Bounds.
   *
   * @param sizes of all blobs that are to be moved
   * @param stall the silence that the tool bears
   */
  Bounds(Ledger ledger, Map<String, Long> sizes, Duration stall) {
    this.ledger = ledger;
    this.sizes = sizes;
    this.stall = stall;
  }

  /**
   * Of a save: of what broke off at most 1 MiB per blob is fetched again, and all of a blob that
   * was damaged on the way.
   */
  List<String> ofSave() {
    List<String> problems = unexplained();
    sizes.forEach(
        (digest, size) -> {
          long allowed = size;
          long moved = 0;
          for (Transfer transfer : of(digest, false)) {
            moved += transfer.bytes();
            // One can be both: what is left of it is gone on with before the damage is seen.
            allowed += transfer.isDamaged() ? size : 0;
            allowed += transfer.isBroken() ? Math.min(transfer.bytes(), MIB + SOCKET_BUFFERS) : 0;
          }
          judge("fetched", digest, size, moved, allowed, problems);
        });
    return problems;
  }

  /** Of what goes to a registry: a blob is begun again once for each time that something hit it. */
  List<String> ofUploads() {
    List<String> problems = unexplained();
    sizes.forEach(
        (digest, size) -> {
          long allowed = size * (1 + troubles(digest));
          judge("sent", digest, size, sum(digest, true), allowed, problems);
          judge("fetched", digest, size, sum(digest, false), allowed, problems);
        });
    return problems;
  }

  private void judge(
      String what, String digest, long size, long moved, long allowed, List<String> problems) {
    if (moved > allowed) {
      problems.add(
          "%s of %d bytes was %s with %d bytes, and %d are allowed: %s"
              .formatted(digest, size, what, moved, allowed, all(digest)));
    }
  }

  private List<String> unexplained() {
    List<String> problems = new ArrayList<>();
    for (Transfer transfer : ledger.transfers()) {
      // Of a chunk that ended before its first bytes it is not known what blob it was to be of, and
      // so not what source was left because of it.
      boolean unknown =
          transfer.isUpload()
              ? transfer.digest().isEmpty() && transfer.bytes() == 0
              : ledger.wasUnknownUploadHit();
      if (!unknown && transfer.isUnexplained(stall.toNanos()) && faults(transfer.digest()) == 0) {
        problems.add("broke without a reason: " + transfer);
      }
    }
    return problems;
  }

  /** Where a HEAD is refused, a first byte tells that the blob is there. */
  private long sum(String digest, boolean upload) {
    return of(digest, upload).stream()
        .mapToLong(Transfer::bytes)
        .filter(bytes -> upload || bytes > 1)
        .sum();
  }

  private long faults(String digest) {
    return ledger.hits(digest)
        + all(digest).stream().filter(transfer -> transfer.fault().isPresent()).count();
  }

  private long troubles(String digest) {
    return ledger.hits(digest)
        + all(digest).stream().filter(Transfer::isDamaged).count()
        + all(digest).stream().filter(Transfer::isBroken).count();
  }

  private List<Transfer> of(String digest, boolean upload) {
    return all(digest).stream().filter(transfer -> transfer.isUpload() == upload).toList();
  }

  private List<Transfer> all(String digest) {
    return ledger.transfers().stream()
        .filter(transfer -> transfer.digest().equals(digest))
        .toList();
  }
}
