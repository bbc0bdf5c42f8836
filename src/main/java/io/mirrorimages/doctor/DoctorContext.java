package io.mirrorimages.doctor;

import io.mirrorimages.harbor.Harbor;
import io.mirrorimages.harbor.ProjectCreation;
import io.mirrorimages.harbor.ProjectNames;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.ConnectionDiagnostics;
import io.mirrorimages.registry.client.ConnectionDiagnostics.Hello;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A registry that is examined, what is to go there, and what the checks so far have learned of it.
 * Used by one thread. The registries are closed by the caller.
 */
public final class DoctorContext {
  /** Where a trial goes if nothing is known of the images; it leaves no trace of the name. */
  private static final String NO_IMAGE = "mirror-images-doctor";

  private final Registries registries;
  private final String registry;
  private final Wish wish;
  private final ConnectionDiagnostics contact;
  private final SortedSet<String> open = new TreeSet<>();
  private final Map<String, Long> limited = new TreeMap<>();
  private boolean there;
  private @Nullable Hello hello;
  private Optional<Harbor> harbor = Optional.empty();

  /**
   * What somebody wants to do there.
   *
   * @param project the path below which everything goes, or empty
   * @param images what the images will be called; empty if that is not known
   * @param plan the same with all their content, as for an empty registry; empty if not known
   * @param creation how projects are made that are missing
   * @param largest the bytes of the largest request that a transfer will make
   * @param state the folder that a transfer keeps its state in
   * @param stateAsked whether that folder was named by the user
   */
  public record Wish(
      String project,
      List<Reference> images,
      Optional<Plan> plan,
      Function<Harbor, ProjectCreation> creation,
      long largest,
      Path state,
      boolean stateAsked) {
    /** Copies the list. */
    public Wish {
      images = List.copyOf(images);
    }
  }

  /** The registry {@code host[:port]} with what is to go there. */
  public DoctorContext(Registries registries, String registry, Wish wish) {
    this.registries = registries;
    this.registry = registry;
    this.wish = wish;
    this.contact = registries.contact(registry);
  }

  Registries registries() {
    return registries;
  }

  String registry() {
    return registry;
  }

  Wish wish() {
    return wish;
  }

  ConnectionDiagnostics contact() {
    return contact;
  }

  /** Its first answer, asked for once. */
  Hello hello() throws IOException {
    if (hello == null) {
      hello = contact.hello();
    }
    return hello;
  }

  Optional<Harbor> harbor() {
    return harbor;
  }

  void isHarbor(Harbor found) {
    harbor = Optional.of(found);
  }

  /** The images, or one that stands for them; empty if not even their project is known. */
  List<Reference> images() {
    if (!wish.images().isEmpty() || wish.project().isEmpty()) {
      return wish.images();
    }
    return List.of(standIn(wish.project() + "/" + NO_IMAGE));
  }

  /** As {@link #images}, and where no project is needed. */
  List<Reference> imagesAnywhere() {
    List<Reference> known = images();
    return known.isEmpty() ? List.of(standIn(NO_IMAGE)) : known;
  }

  private Reference standIn(String path) {
    return new Reference(new Repository(registry, path), Optional.of("latest"), Optional.empty());
  }

  /** A project is there, whatever the user may do in it. */
  void isThere() {
    there = true;
  }

  /** Whether any of the projects is there. */
  boolean hasProject() {
    return there;
  }

  /** A project is there, and the user may push to it. */
  void isOpen(String project) {
    open.add(project);
  }

  /** The projects of Harbor that can be filled, in alphabetical order. */
  SortedSet<String> open() {
    return Collections.unmodifiableSortedSet(open);
  }

  /** A project is missing, and will be created with room for so many bytes. */
  void willHave(String project, long bytes) {
    limited.put(project, bytes);
  }

  /** The projects that will be created with a quota, and how large it will be. */
  Map<String, Long> limited() {
    return Collections.unmodifiableMap(limited);
  }

  /** Those of the images that are in one project. */
  List<Reference> imagesOf(String project) {
    return images().stream()
        .filter(image -> ProjectNames.of(image.repository()).equals(project))
        .toList();
  }
}
