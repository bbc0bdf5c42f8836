package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.harbor.FutureProjects;
import io.mirrorimages.harbor.Harbor;
import io.mirrorimages.harbor.NewProjects;
import io.mirrorimages.harbor.ProjectCreation;
import io.mirrorimages.harbor.ProjectNames;
import io.mirrorimages.harbor.QuotaForecast;
import io.mirrorimages.harbor.Room;
import io.mirrorimages.image.ByteSize;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageTarget;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.rules.KnownRegistries;
import io.mirrorimages.registry.rules.RegistryRules;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The options about projects of a Harbor, and what is done about them before a transfer. */
public final class ProjectOptions {
  @Option(
      names = "--create-projects",
      paramLabel = "private|public|never",
      defaultValue = "private",
      description =
          "What to do with projects that are missing at a Harbor (default: ${DEFAULT-VALUE}).")
  private NewProjects create;

  @Option(
      names = "--project-quota",
      paramLabel = "BYTES",
      description =
          "Quota of the projects that are created, as in 500G; only an administrator of Harbor may"
              + " set one. Default: Harbor's own.")
  private String quota;

  private OptionalLong quota() {
    try {
      return quota == null ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse(quota));
    } catch (InvalidContentException e) {
      throw new UsageException("--project-quota: " + e.getMessage());
    }
  }

  /** How the missing projects of a Harbor are to be made; an error of usage before one is asked. */
  public Function<Harbor, ProjectCreation> creation() {
    OptionalLong bytes = quota();
    return harbor -> harbor.creation(create, bytes);
  }

  /**
   * What is known of the target before anything is sent; nothing if it is no Harbor.
   *
   * @param harbor the target, if it is one
   * @param images where the images go
   * @param missing its missing projects
   * @param creation how they are made
   */
  public record Prepared(
      Optional<Harbor> harbor,
      List<Reference> images,
      SortedSet<String> missing,
      Optional<ProjectCreation> creation) {
    /** Creates what is missing; whoever may create may still not push there. */
    public void create(RunOptions options, PrintStream out, PrintStream err) throws IOException {
      if (harbor.isPresent() && !missing.isEmpty()) {
        creation
            .orElseThrow()
            .create(
                missing,
                line -> {
                  if (!options.quiet()) {
                    out.println(line);
                  }
                },
                line -> err.println("mirror-images: " + line));
        harbor.get().checkRights(images, project -> missing.contains(project));
      }
    }

    /** Tells of projects whose quotas are too small for the plan, and gives it back. */
    public Mirror.Transfer checked(Mirror.Transfer transfer, PrintStream err) throws IOException {
      if (harbor.isPresent()) {
        QuotaForecast.warnings(transfer.plan(), this::room)
            .forEach(line -> err.println("mirror-images: warning: " + line));
      }
      return transfer;
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

    /** Prints what would be created, and gives the target as it would be then. */
    public ImageTarget foresee(ImageTarget target, PrintStream out, PrintStream err)
        throws IOException {
      if (creation.isPresent()) {
        creation
            .get()
            .doubt(missing, harbor.orElseThrow().asker())
            .ifPresent(doubt -> err.println("mirror-images: warning: " + doubt.text()));
      }
      missing.forEach(name -> out.println("create     " + creation.orElseThrow().describe(name)));
      ImageTarget there = harbor.isPresent() ? harbor.get().looking(target) : target;
      return missing.isEmpty() ? there : new FutureProjects(there, missing);
    }
  }

  /**
   * Looks whether the target is a Harbor, what it lacks, and what the user may do there; changes
   * nothing. Of another registry where a push makes no repositories, it is told which are missing.
   */
  public Prepared prepare(
      Registries registries, String registry, List<ImageRequest> requests, PrintStream err)
      throws IOException {
    Function<Harbor, ProjectCreation> how = creation();
    RegistryRules rules = KnownRegistries.standard().of(registry);
    Optional<Harbor> harbor =
        rules.hosts().isEmpty() ? Harbor.at(registries, registry) : Optional.empty();
    if (harbor.isEmpty()) {
      tellAbsent(registries, registry, requests, err);
      return new Prepared(harbor, List.of(), Collections.emptySortedSet(), Optional.empty());
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
                    err.println(
                        "mirror-images: warning: project "
                            + project
                            + " "
                            + policy
                            + ": nodes can't pull what is loaded until then"));
      }
    }
    return new Prepared(harbor, images, missing, Optional.of(creation));
  }

  /** Learns what a check at a Harbor may take for an outage; what that fails of, images tell. */
  public static void settle(Registries registries, String registry, List<ImageRequest> requests) {
    try {
      Optional<Harbor> harbor =
          KnownRegistries.standard().of(registry).hosts().isEmpty()
              ? Harbor.at(registries, registry)
              : Optional.empty();
      if (harbor.isPresent()) {
        harbor.get().settleToPull(requests.stream().map(ImageRequest::target).toList());
      }
    } catch (IOException e) {
      // Each image says what it is.
    }
  }

  /** No failure: a rule of the registry's own may make them when they are pushed to. */
  private static void tellAbsent(
      Registries registries, String registry, List<ImageRequest> requests, PrintStream err) {
    SortedSet<String> absent =
        registries.absent(
            registry, requests.stream().map(request -> request.target().repository()).toList());
    if (!absent.isEmpty()) {
      err.println(
          "mirror-images: "
              + registry
              + " does not have "
              + absent.size()
              + (absent.size() == 1 ? " repository" : " repositories")
              + " that a push there does not make unless a rule of its own says so: create "
              + String.join(", ", absent));
    }
  }
}
