package io.mirrorimages.mirror;

import io.mirrorimages.failure.Retries;
import java.time.Duration;

/**
 * How a run is done.
 *
 * @param jobs how many blobs, and how many images, are worked on at once; 1 or more
 * @param filter the platforms that are wanted
 * @param retries how often a blob is tried again
 * @param segments how large blobs are fetched, where the target takes parts
 * @param withoutForeignLayers whether an image counts as brought without the layers that its source
 *     does not have because their maker keeps them from registries; else it fails
 * @param replacing whether a tag that shows another image at the target gets the new one; else that
 *     image fails
 * @param imagesOnly whether what is no container image, as a Helm chart, is left out
 */
public record MirrorOptions(
    int jobs,
    PlatformFilter filter,
    Retries retries,
    ParallelDownloadPolicy segments,
    boolean withoutForeignLayers,
    boolean replacing,
    boolean imagesOnly) {
  private static final int USUAL_JOBS = 8;
  private static final Retries USUAL_RETRIES = new Retries(5, Duration.ofSeconds(60));

  /** All platforms, 8 blobs at once, 5 retries with up to a minute between. */
  public static MirrorOptions defaults() {
    return new MirrorOptions(USUAL_JOBS, PlatformFilter.ALL, USUAL_RETRIES);
  }

  /**
   * Whether mounts, which move no bytes, are not counted as jobs. They are where fewer jobs than
   * usual are wanted: then it is the registry that is to be spared.
   */
  public boolean mountsBeside() {
    return jobs >= USUAL_JOBS;
  }

  /** Each blob fetched as a whole, no layer left out, and tags replaced. */
  public MirrorOptions(int jobs, PlatformFilter filter, Retries retries) {
    this(jobs, filter, retries, ParallelDownloadPolicy.OFF, false, true, false);
  }

  /** The same with large blobs fetched in another way. */
  public MirrorOptions with(ParallelDownloadPolicy other) {
    return new MirrorOptions(
        jobs, filter, retries, other, withoutForeignLayers, replacing, imagesOnly);
  }

  /** The same with another policy of retries. */
  public MirrorOptions with(Retries other) {
    return new MirrorOptions(
        jobs, filter, other, segments, withoutForeignLayers, replacing, imagesOnly);
  }

  /** The same with so many at once. */
  public MirrorOptions with(int otherJobs) {
    return new MirrorOptions(
        otherJobs, filter, retries, segments, withoutForeignLayers, replacing, imagesOnly);
  }

  /** The same with images taken without the foreign layers that are missing, or not. */
  public MirrorOptions withoutForeignLayers(boolean allowed) {
    return new MirrorOptions(jobs, filter, retries, segments, allowed, replacing, imagesOnly);
  }

  /** The same where tags are replaced, or not. */
  public MirrorOptions replacing(boolean whether) {
    return new MirrorOptions(
        jobs, filter, retries, segments, withoutForeignLayers, whether, imagesOnly);
  }

  /** The same without what is no container image. */
  public MirrorOptions withImagesOnly() {
    return new MirrorOptions(
        jobs, filter, retries, segments, withoutForeignLayers, replacing, true);
  }
}
