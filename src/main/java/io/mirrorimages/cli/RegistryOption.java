package io.mirrorimages.cli;

import io.mirrorimages.image.Reference;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names the target registry. */
final class RegistryOption {
  @Option(
      names = "--registry",
      paramLabel = "HOST[/PROJECT]",
      description =
          "The registry the images go to (or are checked at), and the project in it if all go into"
              + " one. load and sync also take oci:DIR, a folder that is an OCI image layout.")
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

  /** The folder that is named in place of a registry; empty if none is. */
  Optional<ImageLocation.LayoutFolder> folder() {
    if (registry == null || !(location() instanceof ImageLocation.LayoutFolder folder)) {
      return Optional.empty();
    }
    if (layout != Mapping.Layout.FLAT || !rules.isEmpty()) {
      throw new UsageException(
          "--mapping and --map do not go with " + folder + ": images keep their names there");
    }
    return Optional.of(folder);
  }

  private ImageLocation location() {
    try {
      return ImageLocation.parse(registry);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--registry: " + e.getMessage());
    }
  }

  Destination destination() {
    if (registry == null) {
      throw new UsageException("no target: add --registry HOST[/PROJECT]");
    }
    if (location() instanceof ImageLocation.LayoutFolder folder) {
      throw new UsageException(
          "--registry takes HOST[/PROJECT] here; verify --archive " + folder + " checks a folder");
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
