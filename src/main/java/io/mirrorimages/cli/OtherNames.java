package io.mirrorimages.cli;

import io.mirrorimages.cli.command.Commands;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** What other tools, and other commands of this one, call options and commands. */
final class OtherNames {
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
  private static final String LOGIN = "--username and --password-stdin";
  private static final String TLS = "--ca-file or --plain-http";

  /** For each option what is meant; the first of several whose options the command has. */
  private static final Map<String, List<String>> OPTIONS =
      both(
          Map.of(
              "--image-list", List.of("--list"),
              "-i", List.of("--archive", "--list or --output"),
              "--images", List.of("--archive", "--list or --output"),
              "--file", List.of("--archive", "--list"),
              "--from", List.of("--archive", "--list"),
              "--arch", List.of("--platform"),
              "--retry", List.of("--retries"),
              "--concurrency", List.of("--jobs"),
              "--parallel", List.of("--jobs"),
              "--port", List.of("--listen")),
          Map.of(
              "--user", List.of("--username"),
              "-u", List.of("--username"),
              "--creds", List.of(LOGIN),
              "--dest-creds", List.of(LOGIN),
              "--src-creds", List.of(LOGIN),
              "--insecure", List.of(TLS),
              "--tls-verify", List.of(TLS),
              "--skip-tls-verify", List.of(TLS),
              "--dest-tls-verify", List.of(TLS),
              "--src-tls-verify", List.of(TLS)));

  private static final Map<String, String> COMMANDS =
      Map.of("pull", "save", "push", "load", "copy", "sync", "ls", "list");

  private OtherNames() {}

  private static Map<String, List<String>> both(
      Map<String, List<String>> one, Map<String, List<String>> other) {
    return Stream.of(one, other)
        .flatMap(map -> map.entrySet().stream())
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The command that another tool calls {@code name}; empty if none is known. */
  static List<String> command(String name) {
    return Stream.ofNullable(COMMANDS.get(name)).toList();
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

  /** Where else a short option is one, as in {@code -r is --registry of load}. */
  static Optional<String> inOtherCommands(String shortName) {
    Function<String, Stream<String>> meaning =
        name ->
            Stream.ofNullable(
                    Commands.make(name, System.out, System.err)
                        .getCommandSpec()
                        .findOption(shortName))
                .map(option -> shortName + " is " + option.longestName() + " of " + name);
    return Commands.names().stream().flatMap(meaning).findFirst();
  }
}
