package io.mirrorimages.doctor;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.harbor.Harbor;
import io.mirrorimages.harbor.ProjectNames;
import io.mirrorimages.harbor.QuotaForecast;
import io.mirrorimages.harbor.Room;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares each project's quota with the bytes of the images that go there, each blob once, as
 * Harbor counts. What the project has of them already is only asked for where it matters.
 */
final class QuotaCheck implements Check {
  private static final String RAISE = "let an administrator raise the quota, or make room";

  private final DoctorContext site;

  QuotaCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.QUOTA;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.LOGIN);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    List<CheckResult> found = new ArrayList<>();
    for (String project : site.open()) {
      found.add(diagnose(site.harbor().orElseThrow(), project));
    }
    if (site.wish().plan().isPresent()) {
      Plan plan = site.wish().plan().get();
      site.limited().forEach((project, limit) -> found.add(future(plan, project, limit)));
    }
    return found;
  }

  private CheckResult future(Plan plan, String project, long limit) {
    long all = QuotaForecast.bytes(imagesOf(plan, project));
    String state =
        project + " will get a quota of " + amount(limit) + ", and its images have " + amount(all);
    return all > limit
        ? CheckResult.failure(subject(), state, "give a larger " + Setting.PROJECT_QUOTA)
        : CheckResult.ok(subject(), state);
  }

  private static List<PlannedImage> imagesOf(Plan plan, String project) {
    return plan.images().stream()
        .filter(i -> ProjectNames.of(i.request().target().repository()).equals(project))
        .toList();
  }

  private CheckResult diagnose(Harbor harbor, String project) throws IOException {
    Optional<Room> known = harbor.room(project);
    if (known.isEmpty()) {
      return CheckResult.skipped(
          subject(),
          "the user may not see the quota of " + project,
          harbor.asker().isRobot()
              ? "give the robot project:read and quota:read there, or ask an administrator"
              : "ask one of its members, or an administrator");
    }
    Room room = known.get();
    String state =
        project
            + " has "
            + amount(room.used())
            + (room.isUnlimited() ? " and no quota" : " of " + amount(room.limit()));
    if (room.isUnlimited()) {
      return CheckResult.ok(subject(), state);
    }
    if (site.wish().plan().isEmpty()) {
      return room.used() >= room.limit()
          ? CheckResult.failure(subject(), state + ": it is full", RAISE)
          : CheckResult.ok(
              subject(),
              state + "; what the images need is known with " + Setting.ARCHIVE + " only");
    }
    return compare(project, room, state, site.wish().plan().get());
  }

  private CheckResult compare(String project, Room room, String state, Plan plan)
      throws IOException {
    List<PlannedImage> images = imagesOf(plan, project);
    long all = QuotaForecast.bytes(images);
    if (all > room.limit()) {
      return CheckResult.failure(
          subject(), state + ", and its images alone have " + amount(all), RAISE);
    }
    long more = room.used() + all <= room.limit() ? all : QuotaForecast.bytes(lacking(images));
    if (room.used() + more <= room.limit()) {
      return CheckResult.ok(subject(), state + "; at most " + amount(more) + " will be added");
    }
    // What is new may share blobs with what is there.
    return CheckResult.warning(
        subject(),
        state
            + ", and up to "
            + amount(more)
            + " are to be added: it may not do, depending on what they share with what is there",
        RAISE);
  }

  /** The images that the registry does not show yet; a HEAD for each. */
  private List<PlannedImage> lacking(List<PlannedImage> images) throws IOException {
    ImageTarget target = site.registries().asTarget();
    List<PlannedImage> lacking = new ArrayList<>();
    for (PlannedImage image : images) {
      Optional<Digest> shown = target.resolve(image.request().target());
      if (shown.isEmpty() || !shown.get().equals(image.top().digest())) {
        lacking.add(image);
      }
    }
    return lacking;
  }

  private static String amount(long bytes) {
    return Units.bytes(bytes);
  }
}
