package io.mirrorimages.mirror;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.Reason;
import io.mirrorimages.image.Digest;
import java.time.Duration;
import java.util.Optional;

/**
 * What became of one image.
 *
 * @param request which image
 * @param status how it ended
 * @param sourceDigest the digest of its tag at the source, if it became known
 * @param targetDigest the digest its tag has at the target, if it is there
 * @param bytes bytes of layers, configs and manifests moved for it, also if it failed or was not
 *     finished; shared layers count for the image that moved them
 * @param duration time from its first to its last request of the transfer; zero if nothing was
 *     transferred
 * @param reason why it is failed or skipped
 * @param message the same in words, one line; empty if there is nothing to say
 * @param provenance where its content came from
 * @param replaced the other image that its tag showed before
 * @param mistake the exception that nobody foresaw, if it failed because of one
 * @param anyPlatform whether every platform filter takes it, since it runs on none, as a chart
 */
public record ImageResult(
    ImageRequest request,
    Status status,
    Optional<Digest> sourceDigest,
    Optional<Digest> targetDigest,
    long bytes,
    Duration duration,
    Optional<Reason> reason,
    String message,
    Provenance provenance,
    Optional<Digest> replaced,
    Optional<Throwable> mistake,
    boolean anyPlatform) {

  /** One whose content came from the one place there is. */
  public ImageResult(
      ImageRequest request,
      Status status,
      Optional<Digest> sourceDigest,
      Optional<Digest> targetDigest,
      long bytes,
      Duration duration,
      Optional<Reason> reason,
      String message) {
    this(
        request,
        status,
        sourceDigest,
        targetDigest,
        bytes,
        duration,
        reason,
        message,
        Provenance.NONE);
  }

  /** One that replaced nothing. */
  public ImageResult(
      ImageRequest request,
      Status status,
      Optional<Digest> sourceDigest,
      Optional<Digest> targetDigest,
      long bytes,
      Duration duration,
      Optional<Reason> reason,
      String message,
      Provenance provenance) {
    this(
        request,
        status,
        sourceDigest,
        targetDigest,
        bytes,
        duration,
        reason,
        message,
        provenance,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** The target has it with that digest already. */
  public static ImageResult unchanged(
      ImageRequest request, Digest sourceDigest, Digest targetDigest) {
    return new ImageResult(
        request,
        Status.UNCHANGED,
        Optional.of(sourceDigest),
        Optional.of(targetDigest),
        0,
        Duration.ZERO,
        Optional.empty(),
        "");
  }

  /** A run before this one brought it over. */
  public static ImageResult unchanged(PlannedImage image) {
    return unchanged(image.request(), image.sourceDigest(), image.top().digest())
        .forAnyPlatform(!image.isContainerImage());
  }

  /** It was brought over. */
  public static ImageResult copied(
      PlannedImage image, long bytes, Duration duration, Provenance provenance) {
    int omitted = image.omitted().size();
    String leftOut =
        omitted == 0
            ? ""
            : omitted + " non-distributable layer(s) that its source does not have are left out";
    String effects = image.effects();
    return new ImageResult(
        image.request(),
        Status.COPIED,
        Optional.of(image.sourceDigest()),
        Optional.of(image.top().digest()),
        bytes,
        duration,
        Optional.empty(),
        leftOut + (leftOut.isEmpty() || effects.isEmpty() ? "" : "; ") + effects,
        provenance,
        image.replaced(),
        Optional.empty(),
        !image.isContainerImage());
  }

  /** It is whole where it is. */
  public static ImageResult verified(
      ImageRequest request, Digest digest, long bytes, Duration duration) {
    return new ImageResult(
        request,
        Status.VERIFIED,
        Optional.empty(),
        Optional.of(digest),
        bytes,
        duration,
        Optional.empty(),
        "");
  }

  /** The platform filter wants nothing of it. */
  public static ImageResult skipped(ImageRequest request, Digest sourceDigest, String message) {
    return new ImageResult(
        request,
        Status.SKIPPED,
        Optional.of(sourceDigest),
        Optional.empty(),
        0,
        Duration.ZERO,
        Optional.of(Reason.FILTERED),
        message);
  }

  /** It failed because of {@code failure}, or waits for what is elsewhere. */
  public static ImageResult failed(
      ImageRequest request, Optional<Digest> sourceDigest, Throwable failure) {
    Failure known = Failure.of(failure);
    boolean elsewhere = known.reason() == Reason.VOLUME || known.reason() == Reason.BASE;
    return new ImageResult(
        request,
        elsewhere ? Status.WAITING : Status.FAILED,
        sourceDigest,
        Optional.empty(),
        0,
        Duration.ZERO,
        Optional.of(known.reason()),
        known.message(),
        Provenance.NONE,
        Optional.empty(),
        Optional.of(failure).filter(e -> known.reason() == Reason.PROGRAM),
        false);
  }

  /** The run ended before it was done. */
  public static ImageResult unfinished(ImageRequest request) {
    return new ImageResult(
        request,
        Status.UNFINISHED,
        Optional.empty(),
        Optional.empty(),
        0,
        Duration.ZERO,
        Optional.empty(),
        "not done: the run ended before");
  }

  /** The same end, after so much was moved for it. */
  public ImageResult after(long moved, Duration time) {
    return new ImageResult(
        request,
        status,
        sourceDigest,
        targetDigest,
        moved,
        time,
        reason,
        message,
        provenance,
        replaced,
        mistake,
        anyPlatform);
  }

  /** The same of an image that runs on no platform, or on some. */
  public ImageResult forAnyPlatform(boolean any) {
    return new ImageResult(
        request,
        status,
        sourceDigest,
        targetDigest,
        bytes,
        duration,
        reason,
        message,
        provenance,
        replaced,
        mistake,
        any);
  }
}
