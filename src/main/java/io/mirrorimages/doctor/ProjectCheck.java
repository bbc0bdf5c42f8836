package io.mirrorimages.doctor;

import io.mirrorimages.harbor.Harbor;
import io.mirrorimages.harbor.ProjectCreation;
import io.mirrorimages.harbor.ProjectNames;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at each project of Harbor that images go to: whether it is there, and open to the user. */
final class ProjectCheck implements Check {
  private final Site site;

  ProjectCheck(Site site) {
    this.site = site;
  }

  @Override
  public Subject subject() {
    return Subject.PROJECT;
  }

  @Override
  public Set<Subject> needs() {
    return Set.of(Subject.LOGIN);
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    if (site.harbor().isEmpty()) {
      return List.of();
    }
    if (site.images().isEmpty()) {
      return List.of(
          Diagnosis.skipped(
              subject(),
              "it is not known which projects the images go to",
              "give --archive or --list, or --registry HOST/PROJECT"));
    }
    Harbor harbor = site.harbor().get();
    ProjectCreation creation = site.wish().creation().apply(harbor);
    List<Diagnosis> found = new ArrayList<>();
    for (String project : ProjectNames.of(site.images())) {
      found.add(
          harbor.missing(Set.of(project)).isEmpty()
              ? existing(harbor, project)
              : missing(harbor, creation, project));
    }
    return found;
  }

  private Diagnosis existing(Harbor harbor, String project) throws IOException {
    if (harbor.isProxyCache(project)) {
      return Diagnosis.failure(
          subject(),
          project + " is a proxy cache, to which nothing can be pushed",
          "name another project with --registry HOST/PROJECT, or --map");
    }
    try {
      harbor.checkRights(site.imagesOf(project), project::equals);
    } catch (MirrorException e) {
      if (e.reason() != Reason.DENIED) {
        throw e;
      }
      return Diagnosis.failure(subject(), e.getMessage(), "");
    }
    site.isOpen(project);
    return Diagnosis.ok(subject(), project + " is there, and may be pushed to and pulled from");
  }

  private Diagnosis missing(Harbor harbor, ProjectCreation creation, String project)
      throws IOException {
    try {
      creation.check(Set.of(project));
    } catch (MirrorException e) {
      return Diagnosis.failure(subject(), e.getMessage(), "");
    }
    creation.quota().ifPresent(bytes -> site.willHave(project, bytes));
    Optional<String> doubt = creation.doubt(Set.of(project));
    if (doubt.isPresent()) {
      return Diagnosis.warning(subject(), doubt.get(), "");
    }
    return harbor.isRobot()
        ? Diagnosis.warning(
            subject(),
            project + " is missing, and a robot may create it only if it was given that right",
            "let an administrator create it")
        : Diagnosis.ok(subject(), "load and sync will create " + creation.describe(project));
  }
}
