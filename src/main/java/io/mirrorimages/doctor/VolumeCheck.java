package io.mirrorimages.doctor;

import io.mirrorimages.harbor.Room;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a Harbor how full its disk is. It answers administrators only, and for the disk that its own
 * process sees, so nothing but a full one is more than a warning.
 */
final class VolumeCheck implements Check {
  private static final String WHICH =
      " (in Kubernetes, and with storage in S3, that is another disk than the blobs')";

  private final DoctorContext site;

  VolumeCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.VOLUME;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.LOGIN);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    if (site.harbor().isEmpty()) {
      return List.of();
    }
    Optional<Room> volume = site.harbor().get().volume();
    if (volume.isEmpty()) {
      return List.of(
          CheckResult.skipped(
              subject(),
              "Harbor tells only its administrators how full its disk is",
              "ask one" + planned().map(bytes -> ", for " + bytes).orElse("")));
    }
    Room room = volume.get();
    if (room.limit() == 0) {
      return List.of(
          CheckResult.skipped(
              subject(),
              "this Harbor does not know how full its disk is",
              "ask its administrator"));
    }
    if (room.isUnlimited()) {
      return List.of(CheckResult.ok(subject(), "Harbor's disk is unlimited" + WHICH));
    }
    long free = room.limit() - room.used();
    long needed = site.wish().plan().map(plan -> plan.totals().toMove()).orElse(0L);
    String state =
        "Harbor's disk has " + Units.bytes(free) + " of " + Units.bytes(room.limit()) + " free";
    if (free == 0) {
      return List.of(
          CheckResult.failure(subject(), state + ": it is full", "make room there" + WHICH));
    }
    return List.of(
        free <= needed
            ? CheckResult.warning(
                subject(),
                state + planned().map(bytes -> ", the images have up to " + bytes).orElse(""),
                "make room there" + WHICH)
            : CheckResult.ok(subject(), state + WHICH));
  }

  private Optional<String> planned() {
    return site.wish().plan().map(plan -> Units.bytes(plan.totals().toMove()));
  }
}
