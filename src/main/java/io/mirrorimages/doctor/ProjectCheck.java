package io.mirrorimages.doctor;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.harbor.Harbor;
import io.mirrorimages.harbor.ProjectCreation;
import io.mirrorimages.harbor.ProjectCreation.Doubt;
import io.mirrorimages.harbor.ProjectNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at each project of Harbor that images go to: whether it is there, and open to the user. */
final class ProjectCheck implements Check {
  private final DoctorContext site;

  ProjectCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.PROJECT;
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
    if (site.images().isEmpty()) {
      return List.of(
          CheckResult.skipped(
              subject(),
              "it is not known which projects the images go to",
              "give "
                  + Setting.ARCHIVE
                  + " or "
                  + Setting.LIST
                  + ", or "
                  + Setting.REGISTRY
                  + " HOST/PROJECT"));
    }
    Harbor harbor = site.harbor().get();
    ProjectCreation creation = site.wish().creation().apply(harbor);
    List<CheckResult> found = new ArrayList<>();
    for (String refusal : ProjectNames.refusals(site.images())) {
      found.add(CheckResult.failure(subject(), refusal, ""));
    }
    for (String project : ProjectNames.allowed(site.images())) {
      if (harbor.missing(Set.of(project)).isEmpty()) {
        site.isThere();
        found.addAll(existing(harbor, project));
      } else {
        found.add(missing(harbor, creation, project));
      }
    }
    return found;
  }

  private List<CheckResult> existing(Harbor harbor, String project) throws IOException {
    if (harbor.project(project).proxyCache()) {
      return List.of(
          CheckResult.failure(
              subject(),
              project + " is a proxy cache, to which nothing can be pushed",
              "name another project with "
                  + Setting.REGISTRY
                  + " HOST/PROJECT, or "
                  + Setting.MAP));
    }
    try {
      harbor.checkRights(site.imagesOf(project), project::equals);
    } catch (TransferException e) {
      if (e.reason() != FailureKind.DENIED) {
        throw e;
      }
      return List.of(CheckResult.failure(subject(), e.getMessage(), ""));
    }
    site.isOpen(project);
    List<CheckResult> found = new ArrayList<>();
    found.add(
        CheckResult.ok(subject(), project + " is there, and may be pushed to and pulled from"));
    harbor
        .project(project)
        .pullPolicy()
        .ifPresent(
            policy ->
                found.add(
                    CheckResult.warning(
                        subject(),
                        project + " " + policy + ": nodes can't pull what is loaded until then",
                        "let an administrator lift that (project, Configuration), or let the images"
                            + " be signed or scanned there")));
    if (harbor.project(project).retention()) {
      found.add(
          CheckResult.warning(
              subject(),
              project + " has a retention policy, by which Harbor removes images again",
              "see that it retains what is loaded (project, Policy)"));
    }
    if (harbor.hasImmutableTags(project)) {
      found.add(
          CheckResult.warning(
              subject(),
              project + " has rules that make tags immutable: a tag that is there is not replaced",
              "lift them where an image has changed under its tag (project, Policy)"));
    }
    return found;
  }

  private CheckResult missing(Harbor harbor, ProjectCreation creation, String project)
      throws IOException {
    try {
      creation.check(Set.of(project));
    } catch (TransferException e) {
      return CheckResult.failure(subject(), e.getMessage(), "");
    }
    creation.quota().ifPresent(bytes -> site.willHave(project, bytes));
    Optional<Doubt> doubt = creation.doubt(Set.of(project), harbor.asker());
    if (doubt.isPresent()) {
      String text = doubt.get().text();
      return doubt.get().certain()
          ? CheckResult.failure(subject(), text, "")
          : CheckResult.warning(subject(), text, "");
    }
    return CheckResult.ok(subject(), "load and sync will create " + creation.describe(project));
  }
}
