package io.mirrorimages.doctor;

import static io.mirrorimages.testing.FaultyRegistry.status;

import io.mirrorimages.harbor.Harbor;
import io.mirrorimages.harbor.NewProjects;
import io.mirrorimages.harbor.ProjectCreation;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A registry in memory and the site that it is examined as. What is to go there is set before
 * {@link #site} is called.
 */
final class TestSite implements AutoCloseable {
  final FaultyRegistry registry = new FaultyRegistry();
  private final Registries registries;
  private DoctorContext site;

  String project = "";
  List<Reference> images = List.of();
  Optional<Plan> plan = Optional.empty();
  Function<Harbor, ProjectCreation> creation =
      harbor -> harbor.creation(NewProjects.PRIVATE, OptionalLong.empty());
  long largest = 64 * 1024;
  Path state = Path.of("state");
  boolean stateAsked;

  /** A site where nobody is known. */
  TestSite() throws IOException {
    this(TestSettings.quick());
  }

  /** One where {@code ann} is known. */
  static TestSite ofUser() throws IOException {
    return new TestSite(TestSettings.quick("ann", "secret"));
  }

  TestSite(RegistrySettings settings) throws IOException {
    registries = new Registries(settings);
  }

  DoctorContext site() {
    if (site == null) {
      site =
          new DoctorContext(
              registries,
              registry.name(),
              new DoctorContext.Wish(project, images, plan, creation, largest, state, stateAsked));
    }
    return site;
  }

  /** Makes it a Harbor, whose projects are all there, unless a rule of before says otherwise. */
  TestSite asHarbor() throws IOException {
    registry.on("GET", "^/api/v2[.]0/ping$", status(200, "Pong"));
    registry.on("HEAD", "^/api/v2[.]0/projects", status(200, ""));
    registry.on("GET", "^/api/v2[.]0/projects/[a-z]+/immutabletagrules", status(200, "[]"));
    registry.on("GET", "^/api/v2[.]0/projects/[a-z]+$", status(200, "{}"));
    registry.on("GET", "^/api/v2[.]0/systeminfo$", status(200, "{}"));
    site().isHarbor(Harbor.at(registries, registry.name()).orElseThrow());
    return this;
  }

  /** Answers a path of Harbor's API; to be called before {@link #asHarbor}. */
  TestSite answering(String path, int status, String body) {
    registry.on("GET", "^/api/v2[.]0" + path + "$", status(status, body));
    return this;
  }

  /** Images of these paths, which begin with their project. */
  List<Reference> named(String... paths) {
    return Stream.of(paths)
        .map(path -> Reference.parse(registry.name() + "/" + path + ":1"))
        .toList();
  }

  @Override
  public void close() {
    registries.close();
    registry.close();
  }
}
