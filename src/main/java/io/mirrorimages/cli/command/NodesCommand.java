package io.mirrorimages.cli.command;

import io.mirrorimages.cli.option.NodeOptions;
import io.mirrorimages.cli.option.value.Spelling;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Text;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.nodes.ConfigurationFolder;
import io.mirrorimages.nodes.ConfigurationText;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.rancher.ImportedArchive;
import io.mirrorimages.nodes.rancher.RancherDistribution;
import io.mirrorimages.nodes.system.NodeSystems;
import io.mirrorimages.report.PlainStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How nodes find what was mirrored. */
@Command(
    name = "nodes",
    description =
        "Print the configuration by which nodes pull from the private registry under the original"
            + " names. Give the same --registry, --mapping and --map as to load or sync.",
    mixinStandardHelpOptions = true)
final class NodesCommand implements Callable<Integer> {
  /** The kinds, for completion. */
  private static final class Kinds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return NodeSystems.names().iterator();
    }
  }

  private static final String PRELOAD = "--preload";

  private final PrintStream out;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "KIND",
      arity = "0..*",
      completionCandidates = Kinds.class,
      description = "What runs on the nodes: ${COMPLETION-CANDIDATES}.")
  private List<String> kinds = List.of();

  @Mixin private NodeOptions options;

  @Option(
      names = "--username",
      paramLabel = "NAME",
      description =
          "Who pulls, where projects are private; the password is put into the files by hand.")
  private String username;

  @Option(
      names = "--fallback",
      description =
          "Nodes ask the original registry for what the private one has not. Without it they do"
              + " not, where their system can be told so.")
  private boolean fallsBack;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "Write the files below this folder, as in DIR/etc/rancher/k3s/registries.yaml; those that"
              + " are there are not changed.")
  private Path output;

  @Option(
      names = PRELOAD,
      description =
          "Print how nodes import archives of save --for without a registry: k3s and rke2 only, and"
              + " without other options.")
  private boolean preload;

  NodesCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    NodeSystem system = system();
    if (preload) {
      refuseBesidePreload();
      return preload(system);
    }
    if (output != null && output.toString().isEmpty()) {
      throw new UsageException("--output is empty: name a folder");
    }
    NodeSetup setup = options.setup(Optional.ofNullable(username), fallsBack);
    if (setup.plainHttp() && (setup.caFile().isPresent() || setup.skipsVerify())) {
      throw new UsageException(
          "--plain-http goes without --ca-file and --insecure-skip-verify, by which nodes would try"
              + " https first: leave out what does not hold");
    }
    if (!system.takesIpv6Address()) {
      setup.requireHostName(system.title());
    }
    if (system.readsCaFileOnNodes()) {
      setup.requirePathOnNodes();
    }
    NodeConfiguration configuration = configuration(system, setup);
    List<String> notes = ConfigurationText.notes(system, setup, configuration);
    if (output == null) {
      notes.forEach(out::println);
      PlainStream.writeFile(out, ConfigurationText.files(configuration));
      return ExitCode.DONE;
    }
    List<Path> written = new ConfigurationFolder(output).write(configuration.files());
    notes.forEach(out::println);
    written.forEach(out::println);
    return ExitCode.DONE;
  }

  private NodeConfiguration configuration(NodeSystem system, NodeSetup setup)
      throws TransferException {
    NodeConfiguration configuration = system.configure(setup);
    return options.isHttpByDefault()
        ? configuration.withRemark(
            setup.host()
                + " is an address of this machine itself, which load reaches by http: so do the"
                + " files. If it has a certificate, write https:// before it.")
        : configuration;
  }

  /** What is printed has no registry, and is no file. */
  private void refuseBesidePreload() {
    List<String> others =
        spec.commandLine().getParseResult().matchedOptions().stream()
            .map(OptionSpec::longestName)
            .filter(name -> !name.equals(PRELOAD))
            .distinct()
            .toList();
    if (!others.isEmpty()) {
      throw new UsageException(
          "--preload prints how archives are imported without a registry, and has no use for %s: run it alone, and nodes with them for what is pulled"
              .formatted(String.join(", ", others)));
    }
  }

  private int preload(NodeSystem system) {
    if (!(system instanceof RancherDistribution distribution)) {
      throw new UsageException(
          "--preload is for k3s and rke2: " + system.title() + " imports no archives by itself");
    }
    String purpose = system.title() + ": images are imported from an archive, without a registry.";
    ConfigurationText.notes(purpose, new ImportedArchive(distribution).guide())
        .forEach(out::println);
    return ExitCode.DONE;
  }

  private NodeSystem system() {
    String all = String.join(", ", NodeSystems.names());
    if (kinds.size() != 1) {
      throw new UsageException(
          (kinds.isEmpty() ? "no kind of nodes" : "more than one kind of nodes")
              + ": name one of "
              + all);
    }
    String kind = kinds.getFirst();
    List<String> near = Spelling.near(kind, NodeSystems.names());
    return NodeSystems.find(kind)
        .orElseThrow(
            () ->
                new UsageException(
                    "unknown kind of nodes "
                        + Text.quote(kind)
                        + (near.isEmpty()
                            ? ": it is one of " + all
                            : ": did you mean " + String.join(" or ", near) + "?")));
  }
}
