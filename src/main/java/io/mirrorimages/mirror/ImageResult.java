package io.mirrorimages.mirror;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Text;
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
 * @param counts the bytes of its blobs that crossed a line
 * @param duration time from its first to its last request of the transfer; zero if nothing was
 *     transferred
 * @param reason why it is failed or skipped
 * @param message the same in words, one line; empty if there is nothing to say
 * @param provenance where its content came from
 * @param replaced the other image that its tag showed before
 * @param mistake the exception that nobody foresaw, if it failed because of one
 * @param anyPlatform whether every platform filter takes it, since it runs on none, as a chart
 * @param kept whether an unfinished archive has all of it: the same run, done again, moves nothing
 *     for it; its status is {@link Status#UNFINISHED}
 */
public record ImageResult(
    ImageRequest request,
    Status status,
    Optional<Digest> sourceDigest,
    Optional<Digest> targetDigest,
    long bytes,
    ByteCounts counts,
    Duration duration,
    Optional<FailureKind> reason,
    String message,
    Provenance provenance,
    Optional<Digest> replaced,
    Optional<Throwable> mistake,
    boolean anyPlatform,
    boolean kept) {
  private static final String ENDED_BEFORE = "not done: the run ended before";

  /** The target has it with that digest already. */
  public static ImageResult unchanged(
      ImageRequest request, Digest sourceDigest, Digest targetDigest) {
    return new Builder(request, Status.UNCHANGED)
        .sourceDigest(Optional.of(sourceDigest))
        .targetDigest(Optional.of(targetDigest))
        .build();
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
    return new Builder(image.request(), Status.COPIED)
        .sourceDigest(Optional.of(image.sourceDigest()))
        .targetDigest(Optional.of(image.top().digest()))
        .bytes(bytes)
        .duration(duration)
        .message(leftOut + (leftOut.isEmpty() || effects.isEmpty() ? "" : "; ") + effects)
        .provenance(provenance)
        .replaced(image.replaced())
        .anyPlatform(!image.isContainerImage())
        .build();
  }

  /** It is whole where it is. */
  public static ImageResult verified(
      ImageRequest request, Digest digest, long bytes, Duration duration) {
    return new Builder(request, Status.VERIFIED)
        .targetDigest(Optional.of(digest))
        .bytes(bytes)
        .duration(duration)
        .build();
  }

  /** The platform filter wants nothing of it. */
  public static ImageResult skipped(ImageRequest request, Digest sourceDigest, String message) {
    return new Builder(request, Status.SKIPPED)
        .sourceDigest(Optional.of(sourceDigest))
        .reason(Optional.of(FailureKind.FILTERED))
        .message(message)
        .build();
  }

  /** It is left out, since it is no container image, as a Helm chart. */
  public static ImageResult noImage(ImageRequest request, Digest sourceDigest, Manifest manifest) {
    String type = manifest.artifactType().filter(t -> !t.isEmpty()).map(Text::quote).orElse("");
    return skipped(
            request,
            sourceDigest,
            "it is no container image" + (type.isEmpty() ? "" : ", but " + type))
        .forAnyPlatform(true);
  }

  /** It failed because of {@code failure}, or waits for what is elsewhere. */
  public static ImageResult failed(
      ImageRequest request, Optional<Digest> sourceDigest, Throwable failure) {
    Failure known = Failure.of(failure);
    boolean elsewhere = known.reason() == FailureKind.VOLUME || known.reason() == FailureKind.BASE;
    return new Builder(request, elsewhere ? Status.WAITING : Status.FAILED)
        .sourceDigest(sourceDigest)
        .reason(Optional.of(known.reason()))
        .message(known.message())
        .mistake(Optional.of(failure).filter(e -> known.reason() == FailureKind.PROGRAM))
        .build();
  }

  /** The run ended before it was done. */
  public static ImageResult unfinished(ImageRequest request) {
    return new Builder(request, Status.UNFINISHED).message(ENDED_BEFORE).build();
  }

  /**
   * The run ended before the archive that it was copied to was finished.
   *
   * @param isKept whether all of it is kept for a later run
   */
  public ImageResult unfinished(boolean isKept) {
    return new Builder(request, Status.UNFINISHED)
        .kept(isKept)
        .sourceDigest(sourceDigest)
        .bytes(bytes)
        .counts(counts)
        .duration(duration)
        .message(isKept ? "its content is kept, in an archive that is not finished" : ENDED_BEFORE)
        .provenance(provenance)
        .anyPlatform(anyPlatform)
        .build();
  }

  /** The same end, after so much was moved for it. */
  public ImageResult after(long moved, Duration time) {
    return new Builder(this).bytes(moved).duration(time).build();
  }

  /** The same end of an image that is made of others: with the digest of the first of them. */
  public ImageResult madeOf(Digest digest, String origin) {
    return new Builder(this)
        .sourceDigest(Optional.of(digest))
        .message(origin + (message.isEmpty() ? "" : "; " + message))
        .build();
  }

  /** The same end with a further remark in its message. */
  public ImageResult remarked(String remark) {
    return new Builder(this).message(message + (message.isEmpty() ? "" : "; ") + remark).build();
  }

  /** The same end with the bytes that crossed a line. */
  public ImageResult moving(ByteCounts moved) {
    return new Builder(this).counts(moved).build();
  }

  /** The same of an image that runs on no platform, or on some. */
  public ImageResult forAnyPlatform(boolean any) {
    return new Builder(this).anyPlatform(any).build();
  }

  /** Sets single fields; all others are empty, zero or those of another result. */
  public static final class Builder {
    private final ImageRequest request;
    private final Status status;
    private Optional<Digest> sourceDigest = Optional.empty();
    private Optional<Digest> targetDigest = Optional.empty();
    private long bytes = 0;
    private ByteCounts counts = ByteCounts.NONE;
    private Duration duration = Duration.ZERO;
    private Optional<FailureKind> reason = Optional.empty();
    private String message = "";
    private Provenance provenance = Provenance.NONE;
    private Optional<Digest> replaced = Optional.empty();
    private Optional<Throwable> mistake = Optional.empty();
    private boolean anyPlatform = false;
    private boolean kept = false;

    /** Of a result of which no more is known. */
    public Builder(ImageRequest request, Status status) {
      this.request = request;
      this.status = status;
    }

    private Builder(ImageResult same) {
      this(same.request, same.status);
      sourceDigest = same.sourceDigest;
      targetDigest = same.targetDigest;
      bytes = same.bytes;
      counts = same.counts;
      duration = same.duration;
      reason = same.reason;
      message = same.message;
      provenance = same.provenance;
      replaced = same.replaced;
      mistake = same.mistake;
      anyPlatform = same.anyPlatform;
      kept = same.kept;
    }

    /** Sets the digest at the source. */
    public Builder sourceDigest(Optional<Digest> value) {
      sourceDigest = value;
      return this;
    }

    /** Sets the digest at the target. */
    public Builder targetDigest(Optional<Digest> value) {
      targetDigest = value;
      return this;
    }

    /** Sets the bytes moved. */
    public Builder bytes(long value) {
      bytes = value;
      return this;
    }

    /** Sets the bytes that crossed a line. */
    public Builder counts(ByteCounts value) {
      counts = value;
      return this;
    }

    /** Sets the time it took. */
    public Builder duration(Duration value) {
      duration = value;
      return this;
    }

    /** Sets why it failed or was skipped. */
    public Builder reason(Optional<FailureKind> value) {
      reason = value;
      return this;
    }

    /** Sets the reason in words. */
    public Builder message(String value) {
      message = value;
      return this;
    }

    /** Sets where its content came from. */
    public Builder provenance(Provenance value) {
      provenance = value;
      return this;
    }

    /** Sets the image that its tag showed before. */
    public Builder replaced(Optional<Digest> value) {
      replaced = value;
      return this;
    }

    /** Sets the exception that nobody foresaw. */
    public Builder mistake(Optional<Throwable> value) {
      mistake = value;
      return this;
    }

    /** Sets whether every platform filter takes it. */
    public Builder anyPlatform(boolean value) {
      anyPlatform = value;
      return this;
    }

    /** Sets whether an unfinished archive has all of it. */
    public Builder kept(boolean value) {
      kept = value;
      return this;
    }

    /** The result. */
    public ImageResult build() {
      return new ImageResult(
          request,
          status,
          sourceDigest,
          targetDigest,
          bytes,
          counts,
          duration,
          reason,
          message,
          provenance,
          replaced,
          mistake,
          anyPlatform,
          kept);
    }
  }
}
