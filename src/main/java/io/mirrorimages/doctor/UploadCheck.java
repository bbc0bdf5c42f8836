package io.mirrorimages.doctor;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.harbor.ProjectNames;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.upload.UploadTrial;
import io.mirrorimages.registry.upload.UploadTrial.Fate;
import io.mirrorimages.registry.upload.UploadTrial.TrialOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sends a small request and one as large as a transfer's largest, in uploads that are given up: a
 * proxy before the registry may limit requests, collect them, or lose patience.
 */
final class UploadCheck implements Check {
  private static final long MIB = 1024 * 1024;
  private static final long SMALL = 64 * 1024;
  private static final Duration LONG_WAIT = Duration.ofSeconds(5);
  private static final String LIFT =
      "lift the limit of what stands before the registry (nginx: client_max_body_size 0; ingress:"
          + " nginx.ingress.kubernetes.io/proxy-body-size: \"0\")";

  private final DoctorContext site;

  UploadCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.UPLOAD;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.LOGIN, CheckId.HARBOR);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    Optional<Repository> repository = repository();
    if (repository.isEmpty()) {
      return List.of(
          CheckResult.skipped(
              subject(),
              site.hasProject()
                  ? "there is no project that may be pushed to, to try a request with"
                  : "there is no project yet that a request could be tried with",
              ""));
    }
    UploadTrial trial = site.registries().uploadTrial(repository.get());
    TrialOutcome small;
    try {
      small = trial.send(Math.min(SMALL, site.wish().largest()));
    } catch (TransferException e) {
      if (e.reason() == FailureKind.MISSING && site.wish().images().isEmpty()) {
        return List.of(
            CheckResult.skipped(
                subject(),
                "there is no repository " + repository.get() + " to try it with",
                "give " + Setting.ARCHIVE + " or " + Setting.LIST));
      }
      throw e;
    }
    List<CheckResult> found = new ArrayList<>();
    found.add(
        small.fate() == Fate.TAKEN && site.wish().largest() > SMALL
            ? large(trial, found)
            : diagnosis(small, Math.min(SMALL, site.wish().largest()), 0));
    if (!small.cancelled()) {
      found.add(
          CheckResult.ok(
              subject(),
              "the registry lets the user give no upload up: it will clear away by itself what was"
                  + " tried with, usually within a week"));
    }
    return found;
  }

  private Optional<Repository> repository() {
    return site.harbor().isEmpty()
        ? Optional.of(site.imagesAnywhere().getFirst().repository())
        : site.images().stream()
            .map(Reference::repository)
            .filter(r -> site.open().contains(ProjectNames.of(r)))
            .findFirst();
  }

  private CheckResult large(UploadTrial trial, List<CheckResult> found) throws IOException {
    long bytes = site.wish().largest();
    TrialOutcome outcome = trial.send(bytes);
    if (outcome.fate() == Fate.TAKEN && isCollected(outcome)) {
      found.add(
          CheckResult.warning(
              subject(),
              "the answer to "
                  + size(bytes)
                  + " came "
                  + outcome.waiting().toSeconds()
                  + " s after the last byte: what stands before the registry seems to collect"
                  + " requests before it passes them on",
              "let it pass them on at once (nginx: proxy_request_buffering off), and wait long"
                  + " (proxy_read_timeout 900)"));
    }
    return diagnosis(
        outcome, bytes, outcome.fate() == Fate.TOO_LARGE ? largestTaken(trial, bytes) : 0);
  }

  /** Whether the registry seems to have begun to read when all had been sent. */
  static boolean isCollected(TrialOutcome outcome) {
    return outcome.waiting().compareTo(LONG_WAIT) > 0
        && outcome.waiting().compareTo(outcome.sending().dividedBy(2)) > 0;
  }

  /** Downwards, for what is too large is refused before it is sent. */
  private static long largestTaken(UploadTrial trial, long refused) throws IOException {
    for (long bytes = Long.highestOneBit(refused - 1); bytes > SMALL; bytes /= 2) {
      if (trial.send(bytes).fate() == Fate.TAKEN) {
        return bytes;
      }
    }
    return SMALL;
  }

  private CheckResult diagnosis(TrialOutcome outcome, long bytes, long taken) {
    return switch (outcome.fate()) {
      case TAKEN ->
          CheckResult.ok(
              subject(),
              "a request of "
                  + size(bytes)
                  + " is taken"
                  + (outcome.cancelled() ? "; the upload was given up again" : ""));
      case TOO_LARGE -> tooLarge(bytes, taken);
      case UNWANTED ->
          CheckResult.skipped(
              subject(),
              "the registry takes blobs in one piece only, so how large that may be can't be tried",
              "");
      case FAILED ->
          CheckResult.failure(
              subject(),
              "a request of " + size(bytes) + " is not taken: " + outcome.failure(),
              "look into the logs of the registry, and of what stands before it");
    };
  }

  private CheckResult tooLarge(long bytes, long taken) {
    String finding =
        "a request of "
            + size(bytes)
            + " is answered 413"
            + (taken > 0 ? ", one of " + size(taken) + " is taken" : "");
    return CheckResult.failure(
        subject(),
        finding,
        taken >= MIB ? LIFT + ", or give " + Setting.CHUNK_SIZE + " " + taken / MIB : LIFT);
  }

  private static String size(long bytes) {
    return bytes % MIB == 0 ? bytes / MIB + " MiB" : (bytes + 1023) / 1024 + " KiB";
  }
}
