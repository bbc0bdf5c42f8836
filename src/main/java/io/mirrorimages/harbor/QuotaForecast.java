package io.mirrorimages.harbor;

import io.mirrorimages.image.ByteSize;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares what goes to the projects of a Harbor with their quotas, before anything is sent. */
public final class QuotaForecast {
  private QuotaForecast() {}

  /** Knows how full projects are. */
  @FunctionalInterface
  public interface Rooms {
    /** The room of a project; unlimited if there is nothing to say of it. */
    Room of(String project) throws IOException;
  }

  /**
   * One line for each project that has too little room for the images to be copied, or may have.
   * What they share with what is there is not known.
   */
  public static List<String> warnings(Plan plan, Rooms rooms) throws IOException {
    List<String> warnings = new ArrayList<>();
    for (Map.Entry<String, List<PlannedImage>> one : byProject(plan).entrySet()) {
      Room room = rooms.of(one.getKey());
      long more = bytes(one.getValue());
      if (!room.has(more)) {
        warnings.add(
            "project "
                + one.getKey()
                + " has "
                + ByteSize.format(room.used())
                + " of its quota of "
                + ByteSize.format(room.limit())
                + (more > room.limit() ? ", and its images alone have " : ", and up to ")
                + ByteSize.format(more)
                + (more > room.limit() ? "" : " are to be added")
                + ": let an administrator raise the quota, or make room");
      }
    }
    return warnings;
  }

  /**
   * One line for each project with a quota that images are to be copied to: how much of it is used,
   * and what they add at most.
   */
  public static List<String> lines(Plan plan, Rooms rooms) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, List<PlannedImage>> one : byProject(plan).entrySet()) {
      Room room = rooms.of(one.getKey());
      if (!room.isUnlimited()) {
        lines.add(
            "quota      project "
                + one.getKey()
                + ": "
                + ByteSize.format(room.used())
                + " of "
                + ByteSize.format(room.limit())
                + " used, up to "
                + ByteSize.format(bytes(one.getValue()))
                + " are added");
      }
    }
    return lines;
  }

  private static Map<String, List<PlannedImage>> byProject(Plan plan) {
    Map<String, List<PlannedImage>> images = new TreeMap<>();
    for (PlannedImage image : plan.images()) {
      String project = ProjectNames.of(image.request().target().repository());
      images.computeIfAbsent(project, p -> new ArrayList<>()).add(image);
    }
    return images;
  }

  /** The bytes of images as Harbor counts them, each digest once. */
  public static long bytes(Collection<PlannedImage> images) {
    Map<Digest, Long> sizes = new HashMap<>();
    for (PlannedImage image : images) {
      image.blobs().forEach(blob -> sizes.put(blob.digest(), blob.size()));
      for (Manifest manifest : image.manifests()) {
        sizes.put(manifest.digest(), (long) manifest.bytes().length);
      }
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
