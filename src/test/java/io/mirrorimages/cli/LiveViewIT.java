package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.VirtualTerminal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The live view on a pseudo-terminal, which script(1) of every Debian opens. */
@Timeout(300)
class LiveViewIT {
  private static final Pattern IN_FLIGHT =
      Pattern.compile("rancher/large:v1 +\\[#*\\.*] +\\d+% of");

  private final TestImages images = new TestImages();

  /** Ends the large image, which until then comes little by little. */
  private final CountDownLatch release = new CountDownLatch(1);

  @TempDir private Path folder;
  private FaultyRegistry registry;
  private Path list;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
    add("small", 1000);
    add("large", 3_000_000);
    TestImages.Layer large = images.layer("large", 3_000_000);
    registry.on("GET", "/blobs/" + large.descriptor().digest(), this::littleByLittle);
    list =
        Files.writeString(
            folder.resolve("l.txt"),
            String.join(
                "\n", name("small") + ":v1", name("large") + ":v1", name("absent") + ":v1\n"));
  }

  @AfterEach
  void stop() {
    release.countDown();
    registry.close();
  }

  private String name(String image) {
    return registry.name() + "/rancher/" + image;
  }

  private void add(String image, int size) {
    Manifest manifest = images.image(TestImages.AMD64, images.layer(image, size));
    registry.addManifest("rancher/" + image, "v1", manifest.bytes(), manifest.mediaType());
    manifest.blobs().forEach(blob -> registry.addBlob(images.content(blob.digest())));
  }

  private void littleByLittle(HttpExchange exchange) throws IOException {
    byte[] blob = registry.blob(exchange.getRequestURI().getPath().replaceFirst(".*/", ""));
    exchange.sendResponseHeaders(200, blob.length);
    int sent = blob.length / 3;
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(blob, 0, sent);
      while (!release.await(100, TimeUnit.MILLISECONDS)) {
        int some = Math.min(5000, blob.length - sent - 1);
        out.write(blob, sent, some);
        out.flush();
        sent += some;
      }
      out.write(blob, sent, blob.length - sent);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On a terminal of 80 columns and 12 rows; {@code tty.txt} gets its name. */
  private Program program() {
    return program("echo \\$\\$ > pid.txt; exec $words");
  }

  private Program program(String commands) {
    return Program.in(folder)
        .withVariable("TERM", "xterm")
        .withVariable("LC_ALL", "C")
        .withVariable("SHELL", "/bin/sh")
        .after(
            "words=; for word; do words=\"$words '$word'\"; done; set -- script -qfec \"stty cols"
                + " 80 rows 12; tty > tty.txt; "
                + commands
                + "\" /dev/null");
  }

  private Program.Running save(Program program, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of("save", "--list", list, "--output", folder.resolve("a.tar"), "--retries=0"));
    arguments.addAll(List.of(more));
    return program.start(arguments.toArray());
  }

  @Test
  void leavesTheLinesOfTheRunAndNothingElse() throws Exception {
    Program.Running running = save(program());
    running.awaitOutput(IN_FLIGHT);
    resize(50, 6);
    release.countDown();
    Command ended = running.end();

    assertThat(ended.exitCode()).as(ended.out()).isOne();
    assertThat(ended.out())
        .contains("copying: ")
        .contains("\u001b[31m[1/3] failed")
        .containsPattern("\\d+% {1,2}[\\d.]+ .B of 3\\.0 MB");
    List<String> rows = screen(ended.out());
    assertThat(rows)
        .anyMatch(row -> row.startsWith("[3/3] copied "))
        .noneMatch(row -> row.contains("copying: ") || row.contains("% of "));
  }

  @Test
  void isErasedWhenTheRunIsInterrupted() throws Exception {
    Program.Running running = save(program());
    running.awaitOutput(IN_FLIGHT);
    shell("kill -INT " + Files.readString(folder.resolve("pid.txt")));
    Command ended = running.end();

    assertThat(ended.exitCode()).as(ended.out()).isEqualTo(130);
    assertThat(screen(ended.out()))
        .anyMatch(row -> row.contains("interrupted: run the same command again"))
        .noneMatch(row -> row.contains("copying: ") || row.contains("% of "));
  }

  /** With a shell that has jobs, as a person's. */
  @Test
  void isErasedWhileTheRunIsStoppedByCtrlZ() throws Exception {
    Path further = folder.resolve("further");
    Program.Running running =
        save(
            program(
                "set -m; $words; echo stopped: \\$?; until [ -e "
                    + further
                    + " ]; do sleep 0.05; done; fg"));
    running.awaitOutput(IN_FLIGHT);
    long pid =
        running
            .process()
            .descendants()
            .filter(child -> child.info().command().orElse("").endsWith("/java"))
            .findFirst()
            .orElseThrow()
            .pid();
    shell("kill -TSTP " + pid);
    running.awaitOutput(Pattern.compile("stopped: 148"));
    assertThat(screen(Files.readString(running.out())))
        .endsWith("stopped: 148")
        .noneMatch(row -> row.contains("copying: ") || row.contains("% of "));

    Files.createFile(further);
    running.awaitOutput(Pattern.compile("stopped: 148[^$]*copying: "));
    release.countDown();
    Command ended = running.end();
    assertThat(ended.exitCode()).as(ended.out()).isOne();
    assertThat(screen(ended.out()))
        .anyMatch(row -> row.startsWith("[3/3] copied "))
        .noneMatch(row -> row.contains("copying: ") || row.contains("% of "));
  }

  @Test
  void plainProgressAndDumbTerminalsHaveNone() throws Exception {
    release.countDown();
    Command plain = save(program(), "--progress=plain").end();
    assertThat(plain.out()).contains("[3/3] ").doesNotContain("copying: ", "\u001b[A", "\u001b[J");

    Command dumb =
        save(program().withVariable("TERM", "dumb"), "--overwrite", "--color=never").end();
    assertThat(dumb.out()).contains("[3/3] ").doesNotContain("\u001b");
  }

  private static List<String> screen(String output) {
    VirtualTerminal terminal = new VirtualTerminal(80, 12);
    terminal.write(output);
    return terminal.everything();
  }

  private void resize(int columns, int rows) throws Exception {
    String tty = Files.readString(folder.resolve("tty.txt"));
    shell("stty cols " + columns + " rows " + rows + " < " + tty);
  }

  private static void shell(String command) throws Exception {
    assertThat(new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor()).isZero();
  }
}
