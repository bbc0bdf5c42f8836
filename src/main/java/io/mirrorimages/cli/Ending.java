package io.mirrorimages.cli;

import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Text;
import io.mirrorimages.list.ImageListException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Optional;

/**
 * How a command ends with an exception.
 *
 * @param exitCode what the process returns
 * @param lines what the user gets to read, without the program's name; none for a mistake of this
 *     program, which is shown with its trace
 * @param failure the same for the report; empty after an interruption, which is no failure
 */
record Ending(int exitCode, List<String> lines, Optional<Failure> failure) {
  /** The end by {@code e} of a command whose full name is {@code command}. */
  static Ending of(Exception e, String command) {
    return switch (e) {
      case ImageListException list -> ofList(list);
      case UsageException usage -> ofUsage(String.valueOf(usage.getMessage()), command);
      case TransferException option when option.reason() == FailureKind.OPTION ->
          ofUsage(option.getMessage(), command);
      case InvalidContentException invalid ->
          new Ending(
              ExitCode.USAGE,
              List.of(invalid.getMessage()),
              Optional.of(new Failure(FailureKind.OPTION, invalid.getMessage())));
      case InvalidPathException path -> {
        String line =
            Text.quote(path.getInput())
                + " is no name that a file can have here: is the locale one of UTF-8?";
        yield new Ending(
            ExitCode.USAGE, List.of(line), Optional.of(new Failure(FailureKind.OPTION, line)));
      }
      case InterruptedIOException interrupted
          when !(interrupted instanceof SocketTimeoutException) ->
          new Ending(ExitCode.INTERRUPTED, List.of("interrupted"), Optional.empty());
      case IOException io -> ofFailure(io);
      default -> new Ending(ExitCode.NOTHING_DONE, List.of(), Optional.of(Failure.of(e)));
    };
  }

  /** That of a command line that is wrong. */
  static Ending ofUsage(String line, String command) {
    return new Ending(
        ExitCode.USAGE,
        List.of(line + " (try " + command.replaceFirst("(?= |$)", " help") + ")"),
        Optional.of(new Failure(FailureKind.OPTION, line)));
  }

  private static Ending ofList(ImageListException e) {
    List<String> problems = e.problems();
    int more = problems.size() - 1;
    String line = problems.getFirst() + (more > 0 ? " (and " + more + " more)" : "");
    return new Ending(ExitCode.USAGE, problems, Optional.of(new Failure(FailureKind.LIST, line)));
  }

  /** With the word for its kind in front, as a failed image has it. */
  private static Ending ofFailure(IOException e) {
    Failure failure = Failure.of(e);
    return new Ending(
        ExitCode.of(e),
        List.of(failure.reason().label() + ": " + failure.message()),
        Optional.of(failure));
  }
}
