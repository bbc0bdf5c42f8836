package io.mirrorimages.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command as a process of its own, for what a process has: standard input, an environment, and
 * signals. It runs in a folder of the test and finds no credentials but the test's.
 */
public final class Program {
  /** As the start script has it. */
  private static final Path SECURITY =
      Path.of("src/main/dist/lib/mirror-images.security").toAbsolutePath();

  /**
   * Long enough for any run here on a machine that has a tenth of a processor for it; a run that
   * hangs is told from a slow one by its threads, which are printed then.
   */
  private static final long PATIENCE_SECONDS = 240;

  /** Where tests run in the background of a script, all they start ignores SIGINT, for good. */
  private static final String SIGNALS = "--default-signal=INT,TERM,HUP";

  /** How a JVM ends what it prints at SIGQUIT. */
  private static final String LAST_OF_A_DUMP = "JNI global refs";

  private final Path folder;
  private final List<String> before = new ArrayList<>();
  private final List<String> properties = new ArrayList<>();
  private final Map<String, String> variables = new HashMap<>();
  private Class<?> entry = Main.class;
  private String input = "";

  private Program(Path folder) {
    this.folder = folder;
  }

  /** One that runs in {@code folder}, where docker's {@code config.json} would be too. */
  public static Program in(Path folder) {
    return new Program(folder);
  }

  /** Another class's {@code main} in place of the command's. */
  public Program entering(Class<?> main) {
    entry = main;
    return this;
  }

  /** What comes by standard input. */
  public Program reading(String text) {
    input = text;
    return this;
  }

  /** Shell commands that come before it in the same process, as {@code ulimit}. */
  public Program after(String shell) {
    before.addAll(List.of("sh", "-c", shell + "; exec \"$@\"", "sh"));
    return this;
  }

  /** A system property of its own. */
  public Program with(String property, Object value) {
    properties.add("-D" + property + "=" + value);
    return this;
  }

  /** A variable of its environment. */
  public Program withVariable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /** A heap of so many MB. */
  public Program withHeap(int megabytes) {
    properties.add("-Xmx" + megabytes + "m");
    return this;
  }

  /** Runs it to its end. */
  public Command run(Object... arguments) throws IOException, InterruptedException {
    return start(arguments).end();
  }

  /** Starts it. */
  public Running start(Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of("env", SIGNALS));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Duser.home=" + folder);
    command.add("-Djava.security.properties=" + SECURITY);
    command.addAll(properties);
    command.addAll(program());
    List.of(arguments).forEach(argument -> command.add(argument.toString()));
    Path out = Files.createTempFile(folder, "out", ".log");
    Path err = Files.createTempFile(folder, "err", ".log");
    Path in = Files.writeString(Files.createTempFile(folder, "in", ".txt"), input);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.toUpperCase(Locale.ROOT).endsWith("_PROXY"));
    environment.put("HOME", folder.toString());
    environment.put("DOCKER_CONFIG", folder.toString());
    environment
        .keySet()
        .removeAll(Set.of("REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"));
    environment.putAll(variables);
    return new Running(builder.start(), out, err);
  }

  /**
   * The built command where the tests have one (*IT): its start-up cache, which is good for these
   * options only, saves half of the processor time of a short run.
   */
  private List<String> program() throws IOException {
    String built = System.getProperty("mirror-images.command");
    if (built == null || entry != Main.class) {
      String classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      return List.of("-cp", classPath, entry.getName());
    }
    Path library = Path.of(built).toAbsolutePath().getParent().resolveSibling("lib");
    return List.of(
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "-XX:AOTCache=" + library.resolve("mirror-images.aot"),
        "-Xlog:aot=off,cds=off",
        "-Xbootclasspath/a:" + jar(library, "picocli"),
        "-jar",
        jar(library, "mirror-images").toString());
  }

  private static Path jar(Path library, String name) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(library, name + "-*.jar")) {
      return jars.iterator().next();
    }
  }

  /**
   * A command that is running; to be ended.
   *
   * @param process its process
   * @param out the file that its output goes to
   * @param err the same of its standard error
   */
  public record Running(Process process, Path out, Path err) {
    /** Sends it signals, as {@code TERM}, one right after the other. */
    public void signal(String... names) throws IOException, InterruptedException {
      String kills = "for name; do kill -$name " + process.pid() + "; done";
      List<String> command = new ArrayList<>(List.of("sh", "-c", kills, "sh"));
      command.addAll(List.of(names));
      new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** Waits until its output has such a text. */
    public MatchResult awaitOutput(Pattern text) throws IOException, InterruptedException {
      return await(out, text);
    }

    /** Waits until its standard error has such a text. */
    public MatchResult awaitError(Pattern text) throws IOException, InterruptedException {
      return await(err, text);
    }

    private MatchResult await(Path file, Pattern text) throws IOException, InterruptedException {
      while (true) {
        boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
        Matcher matcher = text.matcher(text(file));
        if (matcher.find()) {
          return matcher;
        }
        if (ended) {
          throw new AssertionError("it ended: " + text(out) + text(err));
        }
      }
    }

    /** Waits for its end. */
    public Command end() throws IOException, InterruptedException {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw hung();
      }
      return new Command(process.exitValue(), text(out), text(err));
    }

    /** Sends it a signal again and again, until its end. */
    public Command signalToTheEnd(String name) throws IOException, InterruptedException {
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      do {
        if (System.nanoTime() > patience) {
          throw hung();
        }
        signal(name);
      } while (!process.waitFor(20, TimeUnit.MILLISECONDS));
      return end();
    }

    /** Ends it; tells what it said, and what its threads were doing. */
    private AssertionError hung() throws IOException, InterruptedException {
      signal("QUIT");
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!text(out).contains(LAST_OF_A_DUMP) && System.nanoTime() < patience) {
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
      process.destroyForcibly().waitFor();
      return new AssertionError("it did not end: " + text(err) + text(out));
    }

    private static String text(Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }
}
