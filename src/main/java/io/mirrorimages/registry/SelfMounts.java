package io.mirrorimages.registry;

import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where an upload may begin as a mount from the very repository it goes to (distribution-spec
 * end-11), which asks whether the blob is there and begins to send it in one request: 201 if it is,
 * 202 if not. Thread-safe.
 *
 * <p>Only in repositories that show no image. Distribution 2.8 writes the blob's link anew, and
 * answers 500 to whoever reads it in that moment: of two clients that read what a third mounted
 * over and over, one request in 15 failed.
 *
 * <p>And only at registries that have shown with a blob just sent that they say 201 of it. One that
 * mounts nothing, or like ECR only what a manifest names, would get again what a broken run left.
 */
final class SelfMounts {
  private final Set<Repository> unused = ConcurrentHashMap.newKeySet();
  // By registry: whether it finds what is there. Noted as false before it is tried, so only once.
  private final Map<String, Boolean> finding = new ConcurrentHashMap<>();

  /** Notes that a repository shows no image. */
  void isUnused(Repository repository) {
    unused.add(repository);
  }

  /** Whether an upload there may begin so. */
  boolean suit(Repository repository) {
    return finding.getOrDefault(repository.registry(), false) && unused.contains(repository);
  }

  /** The registry refuses them: it is asked in the usual way from now on. */
  void areRefusedAt(Repository repository) {
    finding.put(repository.registry(), false);
  }

  /** Tries it with a blob that was just stored, if it has not been tried at the registry yet. */
  void tryWith(UploadCalls calls) {
    Repository repository = calls.repository();
    if (unused.contains(repository)
        && finding.putIfAbsent(repository.registry(), false) == null
        && finds(calls)) {
      finding.put(repository.registry(), true);
    }
  }

  /** One request: what goes wrong here costs no more than the requests that would be saved. */
  private static boolean finds(UploadCalls calls) {
    try (Answer answer = calls.mount(calls.repository())) {
      if (answer.status() == 202) {
        calls.cancel(calls.session(answer).location());
        return false;
      }
      answer.finish();
      return answer.status() == 201;
    } catch (IOException e) {
      return false;
    }
  }
}
