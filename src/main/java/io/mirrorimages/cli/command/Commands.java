package io.mirrorimages.cli.command;

import io.mirrorimages.cli.command.check.CheckCommand;
import io.mirrorimages.cli.command.inspect.DiffCommand;
import io.mirrorimages.cli.command.inspect.InspectCommand;
import io.mirrorimages.cli.command.inspect.InventoryCommand;
import io.mirrorimages.cli.command.inspect.ListCommand;
import io.mirrorimages.cli.command.plan.PlanCommand;
import io.mirrorimages.cli.option.NodeOptions;
import java.io.PrintStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;

/** The commands by name, in the order in which the help shows them. */
public final class Commands {
  private static final Set<String> VERSION = Set.of("-V", "--version");

  /** Those that can stop after their plan. */
  private static final List<String> PLANNED = List.of("save", "load", "sync");

  private static final Map<String, Maker> ALL = new LinkedHashMap<>();

  static {
    ALL.put("save", SaveCommand::new);
    ALL.put("load", LoadCommand::new);
    ALL.put("sync", SyncCommand::new);
    ALL.put(PlanCommand.NAME, (out, err) -> new PlanCommand());
    ALL.put("verify", (out, err) -> new VerifyCommand(err));
    ALL.put("doctor", (out, err) -> new DoctorCommand(out, err));
    ALL.put("serve", ServeCommand::new);
    ALL.put("inspect", (out, err) -> new InspectCommand(out, err));
    ALL.put("list", ListCommand::new);
    ALL.put("diff", DiffCommand::new);
    ALL.put("inventory", InventoryCommand::new);
    ALL.put(ConvertCommand.NAME, ConvertCommand::new);
    ALL.put("sample", (out, err) -> new SampleCommand(out));
    ALL.put("limits", (out, err) -> new LimitsCommand(out));
    ALL.put("check", (out, err) -> new CheckCommand(out, err));
    ALL.put("nodes", (out, err) -> new NodesCommand(out));
    ALL.put("registries-yaml", (out, err) -> new RegistriesYamlCommand(out));
  }

  private interface Maker {
    Object make(PrintStream out, PrintStream err);
  }

  private Commands() {}

  /** All names. */
  public static Collection<String> names() {
    return ALL.keySet();
  }

  /**
   * The names that picocli has to know for these arguments: the one that is given, none to print
   * the version, and else all, for the help and for mistakes. To look through all would be a
   * seventh of a run that finds nothing to do.
   */
  public static Collection<String> neededFor(String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    if (VERSION.contains(first)) {
      return List.of();
    }
    return ALL.containsKey(first) ? List.of(first) : names();
  }

  /** Makes one, which prints to {@code out} and {@code err}. */
  public static CommandLine make(String name, PrintStream out, PrintStream err) {
    Object command = Objects.requireNonNull(ALL.get(name)).make(out, err);
    CommandLine line = new CommandLine(command);
    if (command instanceof Remote remote) {
      remote.addSides(line.getCommandSpec());
    }
    if (command instanceof NodesCommand || command instanceof RegistriesYamlCommand) {
      NodeOptions.describe(line.getCommandSpec());
    }
    if (command instanceof PlanCommand) {
      PLANNED.forEach(planned -> line.addSubcommand(planned, make(planned, out, err)));
    }
    return line;
  }
}
