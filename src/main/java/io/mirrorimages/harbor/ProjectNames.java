package io.mirrorimages.harbor;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The projects that images go to, by Harbor's rules of names. */
public final class ProjectNames {
  // One separator between runs of letters and digits, where OCI names allow several.
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:[._-][a-z0-9]+)*");
  private static final int SHOWN = 5;

  private ProjectNames() {}

  /**
   * The projects of all {@code images}, in alphabetical order.
   *
   * @throws InvalidContentException naming the images that Harbor would refuse: those without a
   *     project, and those in one that can't be called so
   */
  public static SortedSet<String> of(Collection<Reference> images) {
    for (String refusal : refusals(images)) {
      throw new InvalidContentException(refusal);
    }
    return allowed(images);
  }

  /** The projects of those of the images whose names Harbor takes, in alphabetical order. */
  public static SortedSet<String> allowed(Collection<Reference> images) {
    return images.stream()
        .map(image -> of(image.repository()))
        .filter(ProjectNames::isAllowed)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Why Harbor would refuse some of the images by their names, one line for each kind. */
  public static List<String> refusals(Collection<Reference> images) {
    List<Reference> alone =
        images.stream().filter(image -> of(image.repository()).isEmpty()).toList();
    List<Reference> misnamed =
        images.stream()
            .filter(
                image -> !of(image.repository()).isEmpty() && !isAllowed(of(image.repository())))
            .toList();
    List<String> refusals = new ArrayList<>();
    if (!alone.isEmpty()) {
      refusals.add(
          refusal(
              "wants a project before the name, and there is none in",
              alone,
              "add one with "
                  + Setting.REGISTRY
                  + " HOST/PROJECT or "
                  + Setting.MAPPING
                  + " by-registry"));
    }
    if (!misnamed.isEmpty()) {
      refusals.add(
          refusal(
              "takes no project with two separators in a row, as in",
              misnamed,
              "put them below another project with "
                  + Setting.REGISTRY
                  + " HOST/PROJECT, or rename it with"
                  + " "
                  + Setting.MAP));
    }
    return refusals;
  }

  /** The project that a repository is in; empty if it is in none. */
  public static String of(Repository repository) {
    String path = repository.path();
    return path.indexOf('/') < 0 ? "" : path.substring(0, path.indexOf('/'));
  }

  /** Whether Harbor lets a project be called so. */
  static boolean isAllowed(String project) {
    return project.length() <= 255 && NAME.matcher(project).matches();
  }

  private static String refusal(String why, List<Reference> images, String remedy) {
    String shown =
        images.stream().limit(SHOWN).map(Reference::toString).collect(Collectors.joining(", "));
    String more = images.size() > SHOWN ? " and " + (images.size() - SHOWN) + " more" : "";
    return "Harbor " + why + " " + shown + more + ": " + remedy;
  }
}
