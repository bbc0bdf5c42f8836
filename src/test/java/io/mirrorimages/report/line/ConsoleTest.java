package io.mirrorimages.report.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private static final ImageRequest REQUEST =
      new ImageRequest(Reference.parse("a.lan/b:1"), Reference.parse("c.lan/b:1"));
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(boolean quiet, boolean oneStream) {
    return new Console(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        new EventText(),
        new Console.Style(Stamp.NONE, quiet, false, oneStream, false));
  }

  private static void run(Console console, ImageResult result, int exitCode) {
    console.on(new RunEvent.RunStarted("load", 1));
    console.on(new RunEvent.Hint("a hint"));
    console.on(new RunEvent.Note("a note"));
    console.on(new RunEvent.Waiting(new Wait("a.lan", "no byte for 20 s", Duration.ZERO)));
    console.on(new RunEvent.ImageEnded(result));
    console.on(new RunEvent.ImagesEnded(List.of(result), Duration.ofSeconds(2), List.of("next")));
    console.on(new RunEvent.RunEnded(exitCode, Optional.empty()));
  }

  private static ImageResult copied() {
    return new ImageResult.Builder(REQUEST, Status.COPIED).build();
  }

  private static ImageResult failed() {
    return ImageResult.failed(
        REQUEST, Optional.empty(), new TransferException(FailureKind.MISSING, "it is not there"));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsDoneAndHowItGoesAreTwoStreams() {
    run(console(false, false), copied(), 0);
    assertThat(out().lines())
        .containsExactly(
            "a note",
            "[1/1] copied     a.lan/b:1  0 B  0.0 s",
            "1 image: 1 copied in 2.0 s",
            "next");
    assertThat(err().lines())
        .containsExactly("mirror-images: a hint", "mirror-images: a.lan: no byte for 20 s");
  }

  @Test
  void aQuietRunThatSucceedsPrintsNothing() {
    run(console(true, false), copied(), 0);
    assertThat(out()).isEmpty();
    assertThat(err()).isEmpty();
  }

  @Test
  void aQuietRunThatFailsPrintsFailuresAndThenHintsOnStandardError() {
    run(console(true, false), failed(), 1);
    assertThat(out()).isEmpty();
    assertThat(err().lines())
        .containsExactly(
            "[1/1] failed     a.lan/b:1  missing: it is not there",
            "mirror-images: a hint",
            "1 image: 1 failed in 2.0 s",
            "next");
  }

  @Test
  void aQuietRunThatIsStoppedPrintsOneLine() {
    Console console = console(true, false);
    console.on(new RunEvent.Hint("a hint"));
    console.on(new RunEvent.Interrupted("interrupted: run it again"));
    run(console, ImageResult.unfinished(REQUEST), 130);
    assertThat(out()).isEmpty();
    assertThat(err().lines()).containsExactly("mirror-images: interrupted: run it again");
  }

  @Test
  void linesForAProgramGoToOneStream() {
    run(console(false, true), copied(), 0);
    assertThat(out().lines()).hasSize(6);
    assertThat(err()).isEmpty();
  }
}
