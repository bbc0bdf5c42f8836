package io.mirrorimages.cli;

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

  boolean isGiven() {
    return registry != null;
  }

  Destination destination() {
    if (registry == null) {
      throw new UsageException("no target: add --registry HOST[/PROJECT]");
    }
    return Destination.parse(registry);
  }
}
