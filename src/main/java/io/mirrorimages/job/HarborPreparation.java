package io.mirrorimages.job;

import io.mirrorimages.harbor.FutureProjects;
import io.mirrorimages.harbor.Harbor;
import io.mirrorimages.harbor.ProjectCreation;
import io.mirrorimages.harbor.ProjectNames;
import io.mirrorimages.harbor.QuotaForecast;
import io.mirrorimages.harbor.Room;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.rules.KnownRegistries;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.function.Function;

/**
 * What is known of the target before anything is sent, and what is done about it; nothing if it is
 * no Harbor.
 *
 * @param harbor the target, if it is one
 * @param images where the images go
 * @param missing its missing projects
 * @param creation how they are made
 */
public record HarborPreparation(
    Optional<Harbor> harbor,
    List<Reference> images,
    SortedSet<String> missing,
    Optional<ProjectCreation> creation) {
  /** Creates what is missing; whoever may create may still not push there. */
  public void create(JobListener listener) throws IOException {
    if (harbor.isPresent() && !missing.isEmpty()) {
      creation.orElseThrow().create(missing, listener);
      harbor.get().checkRights(images, project -> missing.contains(project));
    }
  }

  /** Reports projects whose quotas are too small for the plan. */
  public void checkQuotas(Plan plan, RunListener listener) throws IOException {
    if (harbor.isPresent()) {
      QuotaForecast.warnings(plan, this::room)
          .forEach(line -> listener.on(new RunEvent.Hint("warning: " + line)));
    }
  }

  /** Notes how much of its quota each project has used, and what the plan adds. */
  public void noteQuotas(Plan plan, JobListener listener) throws IOException {
    if (harbor.isPresent()) {
      QuotaForecast.lines(plan, this::room).forEach(listener::note);
    }
  }

  private Room room(String project) throws IOException {
    Optional<Room> known = harbor.orElseThrow().room(project);
    OptionalLong asked = creation.orElseThrow().quota();
    return known.isEmpty() && missing.contains(project) && asked.isPresent()
        ? new Room(asked.getAsLong(), 0)
        : known.orElse(Room.UNLIMITED);
  }

  /** The target as it is treated while it is filled. */
  public ImageTarget filling(ImageTarget target) {
    return harbor.isPresent() ? harbor.get().filling(target) : target;
  }

  /** Notes what would be created, and gives the target as it would be then. */
  public ImageTarget foresee(ImageTarget target, JobListener listener) throws IOException {
    if (creation.isPresent()) {
      creation
          .get()
          .doubt(missing, harbor.orElseThrow().asker())
          .ifPresent(doubt -> listener.on(new RunEvent.Hint("warning: " + doubt.text())));
    }
    missing.forEach(name -> listener.note("create     " + creation.orElseThrow().describe(name)));
    ImageTarget there = harbor.isPresent() ? harbor.get().looking(target) : target;
    return missing.isEmpty() ? there : new FutureProjects(there, missing);
  }

  /**
   * Looks whether the target is a Harbor, what it lacks, and what the user may do there; changes
   * nothing. Of another registry where a push makes no repositories, a hint names the missing ones.
   *
   * @param how makes projects there
   * @param listener receives warnings as hints
   */
  public static HarborPreparation of(
      Registries registries,
      String registry,
      List<ImageRequest> requests,
      Function<Harbor, ProjectCreation> how,
      RunListener listener)
      throws IOException {
    Optional<Harbor> harbor = harborAt(registries, registry);
    if (harbor.isEmpty()) {
      hintAbsent(registries, registry, requests, listener);
      return new HarborPreparation(
          harbor, List.of(), Collections.emptySortedSet(), Optional.empty());
    }
    List<Reference> images = requests.stream().map(ImageRequest::target).toList();
    SortedSet<String> all = ProjectNames.of(images);
    SortedSet<String> missing = harbor.get().missing(all);
    harbor.get().checkOpen(all.stream().filter(name -> !missing.contains(name)).toList());
    ProjectCreation creation = how.apply(harbor.get());
    creation.check(missing);
    harbor.get().checkRights(images, project -> !missing.contains(project));
    for (String project : all) {
      if (!missing.contains(project)) {
        harbor
            .get()
            .project(project)
            .pullPolicy()
            .ifPresent(
                policy ->
                    listener.on(
                        new RunEvent.Hint(
                            "warning: project "
                                + project
                                + " "
                                + policy
                                + ": nodes can't pull what is loaded until then")));
      }
    }
    return new HarborPreparation(harbor, images, missing, Optional.of(creation));
  }

  /** A registry that is known by its host is no Harbor, and is not asked. */
  private static Optional<Harbor> harborAt(Registries registries, String registry)
      throws IOException {
    return KnownRegistries.standard().of(registry).hosts().isEmpty()
        ? Harbor.at(registries, registry)
        : Optional.empty();
  }

  /** Learns what a check at a Harbor may take for an outage; what that fails of, images tell. */
  public static void settle(Registries registries, String registry, List<ImageRequest> requests) {
    try {
      Optional<Harbor> harbor = harborAt(registries, registry);
      if (harbor.isPresent()) {
        harbor.get().settleToPull(requests.stream().map(ImageRequest::target).toList());
      }
    } catch (IOException e) {
      // Each image says what it is.
    }
  }

  /** No failure: a rule of the registry's own may make them when they are pushed to. */
  private static void hintAbsent(
      Registries registries, String registry, List<ImageRequest> requests, RunListener listener) {
    SortedSet<String> absent =
        registries.absent(
            registry, requests.stream().map(request -> request.target().repository()).toList());
    if (!absent.isEmpty()) {
      listener.on(
          new RunEvent.Hint(
              registry
                  + " does not have "
                  + absent.size()
                  + (absent.size() == 1 ? " repository" : " repositories")
                  + " that a push there does not make unless a rule of its own says so: create "
                  + String.join(", ", absent)));
    }
  }
}
