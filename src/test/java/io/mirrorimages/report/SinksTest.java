package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.Provenance;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.line.Console;
import io.mirrorimages.report.line.EventFormat;
import io.mirrorimages.report.line.EventJson;
import io.mirrorimages.report.line.EventText;
import io.mirrorimages.report.line.LogFile;
import io.mirrorimages.report.line.Stamp;
import io.mirrorimages.secret.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever text leaves the program it steers no terminal, forges no line, and tells no secret. */
class SinksTest {
  /** Every control and format character there is, which is what a terminal may act on. */
  private static final String STEERING =
      IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
          .filter(c -> steers(c) && c != '\n' && c != '\t')
          .mapToObj(Character::toString)
          .collect(Collectors.joining());

  private static final String SECRET = "a-password-of-SinksTest";
  private static final ImageRequest IMAGE =
      new ImageRequest(Reference.parse("a.lan/b:1"), Reference.parse("c.lan/b:1"));

  private static final String HOSTILE =
      "said\u001b]0;title\u0007 " + STEERING + " bad " + SECRET + "\nforged.lan/evil:1";

  @TempDir private Path folder;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream console =
      PlainStream.over(new PrintStream(bytes, true, StandardCharsets.UTF_8), Setting::id);

  @Test
  void theConsole() {
    Secrets.add(SECRET);
    console.println(HOSTILE);
    console.print(HOSTILE);
    console.println((Object) HOSTILE);
    console.printf("%s %s%n", HOSTILE, "x");
    console.print(HOSTILE.toCharArray());
    console.append(HOSTILE).append('\u001b');
    new IllegalStateException(HOSTILE, new IOException(HOSTILE)).printStackTrace(console);
    assertHarmless(bytes.toString(StandardCharsets.UTF_8), true);
  }

  @Test
  void anImagesLineAndTheDryRuns() {
    Secrets.add(SECRET);
    Console.notices(console).on(new RunEvent.ImageEnded(failed()));
    PlanText.print(new Plan(List.of(), List.of(failed()), new Plan.Totals(0, 0, 0, 0, 0)), console);
    assertHarmless(bytes.toString(StandardCharsets.UTF_8), false);
  }

  @Test
  void aWait() {
    Secrets.add(SECRET);
    Console.notices(console)
        .on(
            new RunEvent.Waiting(
                new Wait("a.lan", HOSTILE.replace("\n", " "), Duration.ofSeconds(9))));
    assertHarmless(bytes.toString(StandardCharsets.UTF_8), false);
  }

  @Test
  void aLogAsTextAndAsJson() throws Exception {
    Secrets.add(SECRET);
    for (EventFormat format : List.of(new EventText(), new EventJson(Setting::id))) {
      Path file = folder.resolve(format.getClass().getSimpleName());
      try (LogFile log = LogFile.append(file, format, Stamp.NONE, Setting::id, console::println)) {
        log.on(new RunEvent.ImageEnded(failed()));
        log.on(new RunEvent.Hint(HOSTILE));
      }
      assertThat(Files.readAllLines(file)).hasSize(2);
      assertHarmless(Files.readString(file), false);
    }
    assertThat(bytes.size()).isZero();
  }

  @Test
  void theListOfWhatFailedAndTheReport() throws IOException {
    Secrets.add(SECRET);
    OutcomeFiles files =
        new OutcomeFiles(
            new RunRecorder("1", "save", Instant.now()),
            List.of(ReportFile.take(folder.resolve("report.json"), new JsonReport(Setting::id))),
            Setting::id);
    files.begin(List.of(IMAGE), Optional.of(FailedList.take(folder.resolve("failed.txt"))), false);
    files.finish(List.of(failed()), 1);

    String list = Files.readString(folder.resolve("failed.txt"));
    assertHarmless(list, false);
    assertThat(list.lines().filter(line -> !line.startsWith("#"))).containsExactly("a.lan/b:1");
    String report = Files.readString(folder.resolve("report.json"));
    assertHarmless(report, false);
    var image = Json.parse(report.getBytes(StandardCharsets.UTF_8), "it").at("/images/0");
    assertHarmless(image.get("message").asString(), false);
    assertHarmless(image.get("passedOver").toString(), false);
    assertHarmless(image.get("servedBy").get(0).asString(), false);
  }

  @Test
  void whatIsJsonStaysJson() {
    String json = Json.MAPPER.writeValueAsString(Map.of("a", STEERING + "\u202e\udb40\udc01"));
    console.println(json);
    String printed = bytes.toString(StandardCharsets.UTF_8);
    assertHarmless(printed, false);
    assertThat(
            Json.parse(printed.strip().getBytes(StandardCharsets.UTF_8), "it").get("a").asString())
        .isEqualTo(STEERING + "\u202e\udb40\udc01");
  }

  @Test
  void theProgressMaySteerByItself() {
    PlainStream.steer(console, "\r\u001b[K");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[K");
  }

  private static ImageResult failed() {
    ImageResult failed =
        ImageResult.failed(
            IMAGE, Optional.empty(), new TransferException(FailureKind.DENIED, HOSTILE));
    return new ImageResult.Builder(IMAGE, Status.FAILED)
        .sourceDigest(failed.sourceDigest())
        .targetDigest(failed.targetDigest())
        .reason(failed.reason())
        .message(failed.message())
        .provenance(new Provenance(List.of(HOSTILE), Map.of("mirror.lan", HOSTILE)))
        .build();
  }

  private static boolean steers(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  private static void assertHarmless(String text, boolean severalLines) {
    assertThat(text).containsIgnoringCase("\\u001b").doesNotContain(SECRET);
    assertThat(text.codePoints().filter(c -> steers(c) && c != '\n' && c != '\t')).isEmpty();
    if (!severalLines) {
      assertThat(text.lines()).noneMatch(line -> line.startsWith("forged"));
    }
  }
}
