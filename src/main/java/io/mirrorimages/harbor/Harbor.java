package io.mirrorimages.harbor;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.Side;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistryApi;
import io.mirrorimages.registry.client.RegistryApi.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A registry that is a Harbor. Everything here is done by one thread and one request after the
 * other: creations of projects get in each other's way, and a wrong password locks its user.
 */
public final class Harbor {
  private static final String API = "/api/v2.0";

  /** As each Harbor's challenge names it. */
  private static final String SERVICE = "harbor-registry";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RegistryApi api;
  private final Projects projects;
  private final Rights rights;

  private Harbor(RegistryApi api) {
    this.api = api;
    this.projects = new Projects(api, API);
    this.rights = new Rights(api);
  }

  /**
   * The Harbor at {@code registry}, if it is one: nothing but {@code Pong} says so. A registry that
   * did not send its users to Harbor's token service is asked once and for a short time, and never
   * fails here; one that did is one that is out of order as long as it does not answer. To be asked
   * after {@link Registries#check}, by which the token service is known.
   */
  public static Optional<Harbor> at(Registries registries, String registry) throws IOException {
    RegistryApi api = registries.api(registry);
    Optional<Reply> reply =
        api.tokenService().filter(SERVICE::equals).isPresent()
            ? answer(api)
            : api.askOnce(API + "/ping", PATIENCE);
    return reply.filter(Harbor::isPong).map(pong -> new Harbor(api));
  }

  private static Optional<Reply> answer(RegistryApi api) throws IOException {
    try {
      return Optional.of(api.ask(API + "/ping"));
    } catch (TransferException e) {
      if (e.isTransient()) {
        throw e;
      }
      // Redirects that lead nowhere, for example: whatever it is, it answers no ping.
      return Optional.empty();
    }
  }

  /** Anything can answer 200 to an unknown path, so the body counts. */
  private static boolean isPong(Reply reply) {
    return reply.status() == 200
        && new String(reply.body(), StandardCharsets.UTF_8).strip().equals("Pong");
  }

  /**
   * Which of the projects are not there, as far as the user can see.
   *
   * @throws TransferException {@link FailureKind#DENIED} if there is no login: Harbor accepts
   *     nothing from anonymous users
   */
  public SortedSet<String> missing(Collection<String> names) throws IOException {
    if (api.user().isEmpty()) {
      throw new TransferException(
          FailureKind.DENIED,
          api.registry()
              + " is a Harbor, which takes nothing without a user and a password: docker login, or"
              + " "
              + Side.TARGET.mark(Setting.USERNAME)
              + " with "
              + Side.TARGET.mark(Setting.PASSWORD_STDIN));
    }
    SortedSet<String> missing = new TreeSet<>();
    for (String name : names) {
      if (!projects.exists(name)) {
        missing.add(name);
      }
    }
    return missing;
  }

  /**
   * Checks that Harbor and its projects can be filled at all.
   *
   * @param names projects that are there
   * @throws TransferException {@link FailureKind#DENIED} if Harbor is in read-only mode, or with
   *     all those that are filled from another registry only
   */
  public void checkOpen(Collection<String> names) throws IOException {
    if (projects.settings().readOnly()) {
      throw new TransferException(
          FailureKind.DENIED,
          api.registry()
              + " is in read-only mode: wait until an administrator has ended that, then run the"
              + " same command again");
    }
    SortedSet<String> caches = new TreeSet<>();
    for (String name : names) {
      if (projects.project(name).proxyCache()) {
        caches.add(name);
      }
    }
    if (!caches.isEmpty()) {
      throw new TransferException(
          FailureKind.DENIED,
          "at "
              + api.registry()
              + " nothing can be pushed to "
              + String.join(", ", caches)
              + ": a proxy cache is filled from its own registry only; name another project with"
              + " "
              + Setting.REGISTRY
              + " HOST/PROJECT, or "
              + Setting.MAP);
    }
  }

  /**
   * Checks that the user may push to the projects of these images, and pull from them.
   *
   * @throws TransferException {@link FailureKind#DENIED} with all projects where a right is missing
   */
  public void checkRights(Collection<Reference> images, Predicate<String> projects)
      throws IOException {
    Map<String, Repository> one = new TreeMap<>();
    for (Reference image : images) {
      String project = ProjectNames.of(image.repository());
      if (projects.test(project)) {
        one.putIfAbsent(project, image.repository());
      }
    }
    rights.check(one.values());
    api.settle();
  }

  /** Records that the user may pull these images, if the projects exist and grant it. */
  public void settleToPull(Collection<Reference> images) throws IOException {
    Map<String, Repository> one = new TreeMap<>();
    images.forEach(i -> one.putIfAbsent(ProjectNames.of(i.repository()), i.repository()));
    if (api.user().isPresent() && missing(one.keySet()).isEmpty() && rights.mayPull(one.values())) {
      api.settle();
    }
  }

  /** What kind of user asks. */
  public RequesterKind asker() throws IOException {
    return RequesterKind.of(api, API, projects);
  }

  /** How it is set, as far as the user may know. */
  public Settings settings() throws IOException {
    return projects.settings();
  }

  /** How a project is set, as far as the user may know. */
  public Project project(String name) throws IOException {
    return projects.project(name);
  }

  /** Whether a project has rules that make tags immutable, as far as the user may know. */
  public boolean hasImmutableTags(String project) throws IOException {
    return projects.hasImmutableTags(project).orElse(false);
  }

  /** How full a project is by its quota; empty if the user may not know. */
  public Optional<Room> room(String project) throws IOException {
    return projects.room(project);
  }

  /**
   * How full the volume is that Harbor itself sees; empty if the user is no administrator, of 0
   * bytes if it sees none. Where blobs are in S3, or each part of Harbor has a volume of its own,
   * it is another one than theirs.
   */
  public Optional<Room> volume() throws IOException {
    return projects.volume();
  }

  /**
   * {@code target}, which is this Harbor, as it is treated while it is filled: a project that is
   * full gets nothing more, and what a policy keeps from being pulled is known all the same, and a
   * tag that is immutable is refused before its image is sent.
   */
  public ImageTarget filling(ImageTarget target) {
    return new ParkedProjects(
        looking(target), (project, bytes) -> projects.room(project).filter(r -> !r.has(bytes)));
  }

  /**
   * {@code target}, which is this Harbor, where images are known that can't be pulled, and tags
   * that can't be moved.
   */
  public ImageTarget looking(ImageTarget target) {
    return new GuardedImages(target, projects);
  }

  /** The creation of projects, as it was asked for. */
  public ProjectCreation creation(NewProjects how, OptionalLong quota) {
    return new ProjectCreation(api, projects, how, quota);
  }
}
