package io.mirrorimages.cli;

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
      paramLabel = "flat|by-registry",
      defaultValue = "flat",
      description =
          "Names at the target: flat drops the registry an image comes from (HOST/rancher/shell),"
              + " by-registry keeps it as the first part (HOST/docker.io/rancher/shell). Default:"
              + " ${DEFAULT-VALUE}.")
  private Mapping.Layout layout;

  @Option(
      names = "--map",
      paramLabel = "REGEX=REPLACEMENT",
      description =
          "Changes names that --mapping made, without registry and project, as rewrite of"
              + " registries.yaml does: '^rancher/(.*)=mirror/$1'. Can be repeated; the first that"
              + " changes a name counts.")
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
}
