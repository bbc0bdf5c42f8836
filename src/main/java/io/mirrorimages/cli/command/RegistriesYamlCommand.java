package io.mirrorimages.cli.command;

import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.RegistryOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.naming.NodeMirrors;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How nodes find what was mirrored. */
@Command(
    name = "registries-yaml",
    description =
        "Print the registries.yaml by which K3s and RKE2 nodes pull from the private registry under"
            + " the original names. Give the same --registry, --mapping and --map as to load or"
            + " sync.",
    mixinStandardHelpOptions = true)
final class RegistriesYamlCommand implements Callable<Integer> {
  private final PrintStream out;

  @Mixin private ListOption lists;
  @Mixin private RegistryOption registry;

  @Option(
      names = "--ca-file",
      paramLabel = "PEM",
      description = "Certificate authority of the registry: its path on the nodes.")
  private String caFile;

  @Option(names = "--insecure-skip-verify", description = "Nodes accept any certificate.")
  private boolean skipsVerify;

  @Option(names = "--plain-http", description = "Nodes use http.")
  private boolean plainHttp;

  RegistriesYamlCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    Destination destination = registry.destination();
    boolean same = destination.mapping().equals(Mapping.FLAT);
    if (!lists.isGiven() && !same) {
      throw new UsageException(
          "with --mapping "
              + destination.mapping().layout()
              + (destination.mapping().rules().isEmpty() ? "" : " and --map")
              + " the file depends on the images: add --list FILE");
    }
    List<Repository> repositories =
        lists.isGiven() ? lists.read().stream().map(Reference::repository).toList() : List.of();
    out.println(
        new NodeMirrors(
                destination, plainHttp ? "http" : "https", Optional.ofNullable(caFile), skipsVerify)
            .yaml(repositories));
    return ExitCode.DONE;
  }
}
