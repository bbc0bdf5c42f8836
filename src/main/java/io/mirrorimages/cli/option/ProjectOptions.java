package io.mirrorimages.cli.option;

import io.mirrorimages.cli.option.value.ByteCount;
import io.mirrorimages.harbor.Harbor;
import io.mirrorimages.harbor.NewProjects;
import io.mirrorimages.harbor.ProjectCreation;
import java.util.OptionalLong;
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
      paramLabel = "SIZE",
      converter = ByteCount.class,
      description =
          "Quota of the projects that are created, as in 500G; only an administrator of Harbor may"
              + " set one. Default: Harbor's own.")
  private Long quota;

  /** How the missing projects of a Harbor are to be made. */
  public Function<Harbor, ProjectCreation> creation() {
    OptionalLong bytes = quota == null ? OptionalLong.empty() : OptionalLong.of(quota);
    return harbor -> harbor.creation(create, bytes);
  }
}
