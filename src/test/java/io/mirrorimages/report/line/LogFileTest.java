package io.mirrorimages.report.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.event.RunEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  private static final Stamp NOON =
      Stamp.time(Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC));
  private final List<String> warnings = new ArrayList<>();

  @TempDir private Path folder;

  private LogFile log(Path file) throws TransferException {
    return LogFile.append(file, new EventText(), NOON, Setting::id, warnings::add);
  }

  @Test
  void eachRunAppends() throws Exception {
    Path file = folder.resolve("run.log");
    for (String hint : List.of("one", "two\nthree")) {
      try (LogFile log = log(file)) {
        log.on(new RunEvent.Hint(hint));
      }
    }
    assertThat(file)
        .hasContent(
            "2026-01-31T12:00:00Z mirror-images: one\n"
                + "2026-01-31T12:00:00Z mirror-images: two\\u000athree\n");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aLogAsJsonIsContinuedAsTextAndTheOtherWayRound() throws Exception {
    Path file = folder.resolve("run.log");
    for (EventFormat format : List.of(new EventJson(Setting::id), new EventText())) {
      for (int i = 0; i < 2; i++) {
        try (LogFile log = LogFile.append(file, format, Stamp.NONE, Setting::id, warnings::add)) {
          log.on(new RunEvent.Note("a note"));
        }
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(4);
  }

  @Test
  void aFileThatIsNoLogIsNotWrittenTo() throws Exception {
    Path file = Files.writeString(folder.resolve("images.txt"), "rancher/a:1\n");
    assertThatThrownBy(() -> log(file))
        .hasMessage(
            file
                + " exists and is no log of an earlier run, and is not written to: name another"
                + " file");
    assertThat(file).hasContent("rancher/a:1\n");
    assertThatThrownBy(() -> log(folder)).hasMessageContaining("is a folder");
    assertThatThrownBy(() -> log(folder.resolve("none/run.log")))
        .hasMessageContaining("its folder does not exist: create it first");
  }
}
