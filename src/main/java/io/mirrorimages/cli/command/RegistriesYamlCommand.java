package io.mirrorimages.cli.command;

import io.mirrorimages.cli.option.NodeOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.rancher.RegistriesYamlText;
import io.mirrorimages.report.PlainStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The former name of {@code nodes k3s} and {@code nodes rke2}, for scripts that have it. */
@Command(
    name = "registries-yaml",
    hidden = true,
    description =
        "Print the registries.yaml of nodes k3s and nodes rke2 alone. Give the same --registry,"
            + " --mapping and --map as to load or sync.",
    mixinStandardHelpOptions = true)
final class RegistriesYamlCommand implements Callable<Integer> {
  private final PrintStream out;

  @Mixin private NodeOptions options;

  RegistriesYamlCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    NodeSetup setup = options.setup(Optional.empty(), true);
    setup.requireHostName("K3s and RKE2");
    setup.requirePathOnNodes();
    PlainStream.writeFile(
        out,
        "# /etc/rancher/rke2/registries.yaml or /etc/rancher/k3s/registries.yaml of each node;\n"
            + "# restart its service after a change.\n"
            + RegistriesYamlText.withoutItself(setup)
            + "\n");
    return ExitCode.DONE;
  }
}
