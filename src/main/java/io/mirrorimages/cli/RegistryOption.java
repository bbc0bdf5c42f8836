package io.mirrorimages.cli;

import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that names the target registry. */
final class RegistryOption {
  @Option(
      names = "--registry",
      paramLabel = "HOST[/PROJECT]",
      description =
          "The registry the images go to (or are checked at), and the project in it if all go into"
              + " one.")
  private String registry;

  @Option(
      names = "--mapping",
      paramLabel = "flat|rancher|by-registry",
      defaultValue = "flat",
      description =
          "Names at the target: flat drops the registry an image comes from (HOST/rancher/shell,"
              + " HOST/library/busybox), rancher does so with Docker Hub only, and puts busybox"
              + " where Rancher's system-default-registry looks (HOST/rancher/busybox),"
              + " by-registry keeps it as the first part (HOST/docker.io/rancher/shell). Default:"
              + " ${DEFAULT-VALUE}.")
  private Mapping.Layout layout;

  @Option(
      names = "--map",
      paramLabel = "REGEX=REPLACEMENT",
      description =
          "Changes names that --mapping made, without registry and project, as rewrite of"
              + " registries.yaml does: '^rancher/(.*)=mirror/$1'. Can be repeated; the first"
              + " that changes a name applies.")
  private List<String> rules = new ArrayList<>();

  boolean isGiven() {
    return registry != null;
  }

  Destination destination() {
    if (registry == null) {
      throw new UsageException("no target: add --registry HOST[/PROJECT]");
    }
    return Destination.parse(registry).with(Mapping.of(layout, rules));
  }

  /** The requests for these images; tells what is to be known about their names. */
  static List<ImageRequest> requests(
      Destination destination, List<Reference> sources, PrintStream err) {
    destination.mapping().hint(sources).ifPresent(hint -> err.println("mirror-images: " + hint));
    return destination.requests(sources);
  }
}
