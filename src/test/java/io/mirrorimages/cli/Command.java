package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One call of the command line, in this process.
 *
 * @param exitCode what it ended with
 * @param out what it printed
 * @param err what it said on standard error
 */
public record Command(int exitCode, String out, String err) {
  /** The time before a line of a run that nobody watches. */
  private static final Pattern STAMP =
      Pattern.compile("(?m)^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:Z|[+-][0-9:]{5}) ");

  /** What a run says after ten seconds: any takes so long on a busy machine. */
  private static final Pattern PROGRESS = Pattern.compile("[0-9]+ of [0-9,]+ images?, .*");

  /** What is told of a host that was silent for some seconds: on a busy machine any is. */
  private static final Pattern SILENCE = Pattern.compile(".*: (no byte for|answers again,) .*");

  /** Without the times before lines. */
  public Command {
    out = STAMP.matcher(out).replaceAll("");
    err = STAMP.matcher(err).replaceAll("");
  }

  /**
   * Runs {@code mirror-images arguments...}; arguments may be anything with a useful {@code
   * toString}.
   */
  public static Command run(Object... arguments) {
    return run(new ByteArrayOutputStream(), new ByteArrayOutputStream(), arguments);
  }

  /**
   * Runs it with what it says going to {@code out} and {@code err}, where it can be listened to.
   */
  public static Command run(
      ByteArrayOutputStream out, ByteArrayOutputStream err, Object... arguments) {
    int exitCode =
        Cli.execute(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
    return new Command(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /**
   * What it complains of, a line each, without those of progress and of silence: they all begin
   * with the program's name, and nothing a user sees is a stack trace or the name of a class.
   */
  public List<String> complaints() {
    assertThat(out + err).doesNotContain("\tat ").doesNotContain("Exception");
    List<String> lines =
        err.lines()
            .filter(line -> !PROGRESS.matcher(line).matches() && !SILENCE.matcher(line).matches())
            .toList();
    assertThat(lines).allSatisfy(line -> assertThat(line).startsWith("mirror-images: "));
    return lines;
  }

  /** The one thing it complains of, after checking the exit code. */
  public String complaint(int expectedExitCode) {
    List<String> lines = complaints();
    assertThat(lines).as(out).hasSize(1);
    assertThat(exitCode).as(err).isEqualTo(expectedExitCode);
    return lines.getFirst();
  }

  /** The line of one image. */
  public String line(String image) {
    return out.lines()
        .filter(line -> line.contains(image))
        .findFirst()
        .orElse("no line for " + image + " in: " + out);
  }
}
