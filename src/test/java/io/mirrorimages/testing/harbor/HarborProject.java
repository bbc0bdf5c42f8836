package io.mirrorimages.testing.harbor;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** A project and its quota. Thread-safe. */
public final class HarborProject {
  private final int id;
  private final String name;
  private final boolean open;
  private final Set<String> repositories = new ConcurrentSkipListSet<>();
  private final Set<Integer> rules = new ConcurrentSkipListSet<>();
  private final Map<String, Long> counted = new HashMap<>();
  private volatile long quota = -1;
  private volatile boolean proxyCache;
  private volatile boolean preventsPulls;
  private volatile boolean wantsSignatures;
  private volatile boolean retains;
  private volatile Instant created = Instant.now();

  HarborProject(int id, String name, boolean open) {
    this.id = id;
    this.name = name;
    this.open = open;
  }

  /** With room for so many bytes; -1 for any. */
  public HarborProject quota(long bytes) {
    quota = bytes;
    return this;
  }

  /** With a rule that makes all its tags immutable. */
  public HarborProject immutable() {
    addRule(0);
    return this;
  }

  /** One that is filled from another registry only. */
  public HarborProject proxyCache() {
    proxyCache = true;
    return this;
  }

  /** With a policy that keeps its images from being pulled, as one of unsafe images does. */
  public HarborProject preventingPulls() {
    preventsPulls = true;
    return this;
  }

  /** One whose images can be pulled only if they are signed. */
  public HarborProject wantingSignatures() {
    wantsSignatures = true;
    return this;
  }

  /** With a policy that removes images after a time. */
  public HarborProject retaining() {
    retains = true;
    return this;
  }

  /** As if it had been made so many seconds from now: older tokens do not count for it. */
  public HarborProject createdInSeconds(long seconds) {
    created = Instant.now().plusSeconds(seconds);
    return this;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Whether anyone may pull. */
  public boolean isPublic() {
    return open;
  }

  /** Bytes it may have; -1 for any. */
  public long quota() {
    return quota;
  }

  /** Bytes that count against the quota; each digest once. */
  public synchronized long used() {
    return counted.values().stream().mapToLong(Long::longValue).sum();
  }

  int id() {
    return id;
  }

  Instant created() {
    return created;
  }

  boolean isImmutable() {
    return !rules.isEmpty();
  }

  void addRule(int rule) {
    rules.add(rule);
  }

  boolean removeRule(int rule) {
    return rules.remove(rule);
  }

  List<Integer> rules() {
    return List.copyOf(rules);
  }

  void addRepository(String repository) {
    repositories.add(repository);
  }

  boolean removeRepository(String repository) {
    return repositories.remove(repository);
  }

  /** Those that have a manifest, without the project's name. */
  List<String> repositories() {
    return List.copyOf(repositories);
  }

  boolean wantsSignatures() {
    return wantsSignatures;
  }

  boolean retains() {
    return retains;
  }

  boolean preventsPulls() {
    return preventsPulls;
  }

  boolean isProxyCache() {
    return proxyCache;
  }

  synchronized boolean hasRoom(String digest, long size) {
    return quota < 0 || counted.containsKey(digest) || used() + size <= quota;
  }

  synchronized void checkRoom(String digest, long size) throws HarborError {
    if (!hasRoom(digest, size)) {
      throw new HarborError(
          403,
          "DENIED",
          "adding %d B of storage resource, which when updated to current usage of %d B will exceed"
                  .formatted(size, used())
              + " the configured upper limit of %d B.".formatted(quota));
    }
  }

  synchronized void count(String digest, long size) {
    counted.put(digest, size);
  }
}
