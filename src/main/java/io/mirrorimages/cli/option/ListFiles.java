package io.mirrorimages.cli.option;

import io.mirrorimages.list.ImageList;
import java.util.List;
import java.util.Objects;
import java.util.Stack;
import java.util.stream.StreamSupport;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The words that belong to {@code --list}: all up to the next option, as a shell makes them of
 * {@code *.txt}, but for the archive that a command takes too, as in {@code load --list one.txt
 * rancher.tar}.
 */
final class ListFiles implements IParameterConsumer {
  @Override
  @SuppressWarnings("JdkObsolete") // As picocli's interface.
  public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
    if (arguments.isEmpty() || isOption(arguments.peek())) {
      throw new MissingParameterException(
          command.commandLine(), option, "Missing required parameter for option '--list' (FILE)");
    }
    List<String> files = option.getValue();
    boolean archives = !command.positionalParameters().isEmpty();
    do {
      files.add(arguments.pop());
    } while (!arguments.isEmpty()
        && !isOption(arguments.peek())
        && !(archives && ArchiveOption.isOne(arguments.peek()))
        && !isCandidate(arguments.peek(), command));
  }

  /** Whether it is one of the few words that an argument of the command can be. */
  private static boolean isCandidate(String word, CommandSpec command) {
    return command.positionalParameters().stream()
        .map(ArgSpec::completionCandidates)
        .filter(Objects::nonNull)
        .flatMap(words -> StreamSupport.stream(words.spliterator(), false))
        .anyMatch(word::equals);
  }

  private static boolean isOption(String word) {
    return word.startsWith("-") && !word.equals(ImageList.STANDARD_INPUT);
  }
}
