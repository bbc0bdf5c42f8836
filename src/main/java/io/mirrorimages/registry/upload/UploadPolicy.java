package io.mirrorimages.registry.upload;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.rules.KnownRegistries;
import io.mirrorimages.registry.rules.RegistryRules;
import io.mirrorimages.state.OpenUploads;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all uploads of a target have in common: how they are cut, where it is noted how far they
 * are, and what registries turned out not to take. Thread-safe.
 */
public final class UploadPolicy {
  /** Nothing limits requests to less. */
  private static final long SMALLEST_LIMIT = 64 * 1024;

  private final Chunks chunks;
  private final KnownRegistries known;
  private final OpenUploads open;
  private final UploadRequests requests;
  private final Set<String> unwilling = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> mostTaken = new ConcurrentHashMap<>();
  private final Set<String> withoutSelfMounts = ConcurrentHashMap.newKeySet();
  private final Set<String> withoutMountSessions = ConcurrentHashMap.newKeySet();

  /**
   * How one target's uploads go; {@code open} stays open.
   *
   * @param requests those of all its uploads
   */
  public UploadPolicy(
      Chunks chunks, KnownRegistries known, OpenUploads open, UploadRequests requests) {
    this.requests = requests;
    this.chunks = chunks;
    this.known = known;
    this.open = open;
  }

  /**
   * Whether a blob goes up in chunks: a large one does, and any that is too large for one PUT.
   *
   * @param most how many bytes a request to the registry should have at most
   */
  boolean cuts(Repository repository, Descriptor blob, long most) {
    RegistryRules.UploadRules rules = rules(repository);
    boolean large = blob.size() >= Math.max(1, chunks.threshold());
    boolean slow = blob.size() > Math.max(paced(), rules.leastChunk());
    long taken = Math.min(most, mostTaken(repository));
    return mayCut(repository)
        && (large || slow || blob.size() > Math.min(rules.largestPut(), taken));
  }

  /** How many bytes a request may have so that it does not take too long. */
  private long paced() {
    return chunks.isUnhurried() ? Long.MAX_VALUE : requests.within(chunks.time());
  }

  private boolean mayCut(Repository repository) {
    return rules(repository).chunks() && !unwilling.contains(repository.registry());
  }

  private long mostTaken(Repository repository) {
    return mostTaken.getOrDefault(repository.registry(), Long.MAX_VALUE);
  }

  /**
   * A registry, or what stands before it, takes no request of so many bytes.
   *
   * @return whether smaller ones are worth a try
   */
  boolean tooLarge(Repository repository, long bytes) {
    if (bytes <= SMALLEST_LIMIT || !mayCut(repository)) {
      return false;
    }
    mostTaken.merge(repository.registry(), Math.max(SMALLEST_LIMIT, bytes / 4), Math::min);
    return true;
  }

  /** The requests of all uploads. */
  UploadRequests requests() {
    return requests;
  }

  /**
   * How large chunks are where the registry itself asks for no more than {@code least}, and no
   * request should have more than {@code most} bytes.
   */
  long chunk(Repository repository, long least, long most) {
    RegistryRules.UploadRules rules = rules(repository);
    long paced = Math.min(chunks.size(), paced());
    long wanted = Math.min(Math.max(paced, rules.leastChunk()), rules.mostChunk());
    long taken = Math.min(Math.max(most, rules.leastChunk()), mostTaken(repository));
    return Math.max(Math.min(wanted, taken), least);
  }

  /**
   * Whether what was lost with a request of so many bytes is sent in smaller ones next, since the
   * line cuts such.
   *
   * @param least the fewest bytes a chunk may have
   * @param most how many bytes a request to the registry should have at most now
   */
  boolean goesSmaller(Repository repository, long bytes, long least, long most) {
    long smallest = Math.max(least, rules(repository).leastChunk());
    return mayCut(repository) && bytes > Math.max(most, smallest);
  }

  /** Why the registry would not take a blob, however it comes; empty if it may. */
  public Optional<TransferException> refusal(Repository repository, Descriptor blob) {
    RegistryRules rules = known.of(repository.registry());
    return blob.size() <= rules.uploads().largestBlob()
        ? Optional.empty()
        : Optional.of(
            new TransferException(
                FailureKind.UNSUPPORTED,
                rules.name()
                    + " takes no layer of more than "
                    + rules.uploads().largestBlob()
                    + " bytes, and "
                    + blob.digest()
                    + " has "
                    + blob.size()
                    + ": the image can only go to another registry"));
  }

  private RegistryRules.UploadRules rules(Repository repository) {
    return known.of(repository.registry()).uploads();
  }

  /** A registry of which that was not known has only the one PUT, or wants other chunks. */
  void noChunksAt(Repository repository) {
    unwilling.add(repository.registry());
  }

  /**
   * Whether a registry may be asked for a blob by mounting it from the very repository it goes to.
   */
  boolean selfMountsAt(Repository repository) {
    return !withoutSelfMounts.contains(repository.registry());
  }

  /** A registry that refuses that. */
  void noSelfMountsAt(Repository repository) {
    withoutSelfMounts.add(repository.registry());
  }

  /** Whether an upload session that a registry begins in place of a mount may be used. */
  boolean usesMountSessionsAt(Repository repository) {
    return !withoutMountSessions.contains(repository.registry());
  }

  /**
   * A registry did not know a session any more; one that was begun by a mount is not used again.
   */
  void lost(UploadCalls.Session session, Repository repository) {
    if (session.ofMount()) {
      withoutMountSessions.add(repository.registry());
    }
  }

  /** Where it is noted how far uploads are. */
  public OpenUploads open() {
    return open;
  }
}
