package io.mirrorimages.cli;

import io.mirrorimages.cli.command.Commands;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** What other tools, and other commands of this one, call options and commands. */
final class OtherNames {
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

  /**
   * Ours, and what is called so elsewhere. Of several rows with one name the first counts whose
   * options the command has.
   */
  private static final Map<String, List<String>> OPTIONS =
      table(
          """
          --archive = -i --images --file --from
          --list or --output = -i --images
          --list = --image-list --file --from -f
          --output = --tar --destination --dest --to
          --registry = --destination --dest --to --target
          --platform = --arch --override-arch --override-os
          --jobs = --concurrency --parallel --workers --threads
          --retries = --retry --retry-times
          --stall-timeout = --timeout --command-timeout
          --max-rate = --limit-rate --bwlimit --bandwidth
          --overwrite = --force
          --listen = --port
          --username = --user -u
          --username and --password-stdin = --creds --dest-creds --src-creds
          --ca-file = --cacert --cert-dir --dest-cert-dir --src-cert-dir
          --ca-file or --plain-http = --insecure --tls-verify --skip-tls-verify
          --ca-file or --plain-http = --dest-tls-verify --src-tls-verify
          """);

  private static final Map<String, List<String>> COMMANDS =
      table(
          """
          save = pull download export
          load = push upload import
          sync = copy cp mirror
          list = ls
          inspect = show
          verify = check validate
          """);

  private OtherNames() {}

  private static Map<String, List<String>> table(String rows) {
    Map<String, List<String>> ours = new LinkedHashMap<>();
    for (String row : rows.lines().toList()) {
      String[] sides = row.split(" = ", 2);
      for (String name : sides[1].split(" ")) {
        ours.computeIfAbsent(name, _ -> new ArrayList<>()).add(sides[0]);
      }
    }
    return ours;
  }

  /** The command that another tool calls {@code name}; empty if none is known. */
  static List<String> command(String name) {
    return COMMANDS.getOrDefault(name, List.of());
  }

  /** The options of {@code command} that do what {@code name} does elsewhere. */
  static List<String> options(String name, CommandSpec command) {
    List<String> itself = name.startsWith("--") ? List.of(name) : List.of();
    return OPTIONS.getOrDefault(name, itself).stream()
        .map(meant -> ofSides(name, meant, command))
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  /** The text with the names of this command's options: with those of both sides if it has two. */
  private static List<String> ofSides(String name, String meant, CommandSpec command) {
    if (has(command, meant)) {
      return List.of(meant);
    }
    return Stream.of("target", "source")
        .filter(side -> !name.startsWith(side.equals("target") ? "--src-" : "--dest-"))
        .map(side -> meant.replace("--", "--" + side + "-"))
        .filter(options -> has(command, options))
        .toList();
  }

  private static boolean has(CommandSpec command, String options) {
    return OPTION
        .matcher(options)
        .results()
        .allMatch(option -> command.findOption(option.group()) != null);
  }

  /** Where else a name is an option, as in {@code -r is --registry of load}. */
  static Optional<String> inOtherCommands(String option) {
    for (String name : Commands.names()) {
      CommandSpec command = Commands.make(name, System.out, System.err).getCommandSpec();
      if (command.findOption(option) != null) {
        String full = command.findOption(option).longestName();
        return Optional.of(
            option.startsWith("--")
                ? "it is an option of " + name
                : option + " is " + full + " of " + name);
      }
    }
    return Optional.empty();
  }
}
