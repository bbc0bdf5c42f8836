package io.mirrorimages.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.upload.UploadTrial.Fate;
import io.mirrorimages.registry.upload.UploadTrial.TrialOutcome;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadCheckTest {
  @ParameterizedTest
  @CsvSource({
    "PT0.5S, PT8S,   true", // a line within a house, and a slow one behind it
    "PT60S,  PT40S,  true",
    "PT60S,  PT6S,   false", // a registry that stores what has come last
    "PT0.5S, PT4S,   false"
  })
  void aLongWaitAfterTheLastByteMeansThatSomethingCollects(
      Duration sending, Duration waiting, boolean collected) {
    assertThat(UploadCheck.isCollected(new TrialOutcome(Fate.TAKEN, "", sending, waiting, true)))
        .isEqualTo(collected);
  }

  private static final long MIB = 1024 * 1024;

  /** Takes requests of up to {@code most} bytes. */
  private static TestSite taking(long most) throws IOException {
    TestSite there = new TestSite();
    there.registry.on(
        "PATCH",
        "",
        exchange -> {
          long length = Long.parseLong(exchange.getRequestHeaders().getFirst("Content-Length"));
          exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
          FaultyRegistry.respond(
              exchange, length > most ? 413 : 202, new byte[0], "Range: 0-" + (length - 1));
        });
    there.registry.on("DELETE", "", FaultyRegistry.status(204, ""));
    there.largest = 4 * MIB;
    return there;
  }

  private static List<CheckResult> look(TestSite there) throws IOException {
    return new UploadCheck(there.site()).look();
  }

  private static List<String> sent(TestSite there) {
    return there.registry.seen("PATCH", "").stream().map(s -> s.header("Content-Length")).toList();
  }

  @Test
  void triesASmallRequestAndTheLargest() throws IOException {
    try (TestSite there = taking(4 * MIB)) {
      assertThat(look(there))
          .containsExactly(
              CheckResult.ok(
                  CheckId.UPLOAD, "a request of 4 MiB is taken; the upload was given up again"));
      assertThat(sent(there)).containsExactly("65536", "4194304");
    }
  }

  @Test
  void triesNoMoreThanATransferWillSend() throws IOException {
    try (TestSite there = taking(4 * MIB)) {
      there.largest = 1500;
      assertThat(look(there).getFirst().finding()).startsWith("a request of 2 KiB is taken");
      assertThat(sent(there)).containsExactly("1500");
    }
  }

  @Test
  void findsTheLargestRequestThatIsTaken() throws IOException {
    try (TestSite there = taking(MIB + 9)) {
      assertThat(look(there))
          .singleElement()
          .matches(found -> found.verdict() == Verdict.FAILURE)
          .matches(
              found ->
                  found
                      .finding()
                      .equals("a request of 4 MiB is answered 413, one of 1 MiB is taken"))
          .matches(found -> found.remedy().endsWith(", or give {setting chunk-size} 1"));
      assertThat(sent(there)).containsExactly("65536", "4194304", "2097152", "1048576");
    }
  }

  @Test
  void noChunkIsAsSmallAsWhatSomeTake() throws IOException {
    try (TestSite there = taking(64 * 1024)) {
      assertThat(look(there))
          .singleElement()
          .matches(found -> found.finding().endsWith(", one of 64 KiB is taken"))
          .matches(found -> !found.remedy().contains("{setting chunk-size}"));
    }
    try (TestSite there = taking(100)) {
      assertThat(look(there))
          .singleElement()
          .matches(found -> found.finding().equals("a request of 64 KiB is answered 413"))
          .matches(found -> found.remedy().startsWith("lift the limit"));
    }
  }

  @Test
  void saysWhatElseMayBecomeOfIt() throws IOException {
    try (TestSite there = new TestSite()) {
      there.registry.on("PATCH", "", FaultyRegistry.status(500, ""));
      there.registry.on("DELETE", "", FaultyRegistry.status(405, ""));
      List<CheckResult> found = look(there);
      assertThat(found)
          .extracting(CheckResult::verdict)
          .containsExactly(Verdict.FAILURE, Verdict.OK);
      assertThat(found.getFirst().finding()).startsWith("a request of 64 KiB is not taken: ");
      assertThat(found.getLast().finding()).contains("it will clear away by itself");
    }
    try (TestSite there = new TestSite()) {
      there.registry.on("PATCH", "", FaultyRegistry.status(405, ""));
      assertThat(look(there).getFirst())
          .matches(found -> found.verdict() == Verdict.SKIPPED)
          .matches(found -> found.finding().contains("in one piece only"));
    }
  }

  @Test
  void aHarborIsTriedInAProjectThatIsOpen() throws IOException {
    try (TestSite there = taking(4 * MIB)) {
      there.images = there.named("a/x", "b/x");
      there.asHarbor();
      assertThat(look(there))
          .singleElement()
          .matches(found -> found.finding().startsWith("there is no project yet"));
      there.site().isThere();
      assertThat(look(there).getFirst().finding())
          .startsWith("there is no project that may be pushed to");

      there.site().isOpen("b");
      assertThat(look(there).getFirst().verdict()).isEqualTo(Verdict.OK);
      assertThat(there.registry.seen("POST", "/v2/b/x/blobs/uploads/")).hasSize(2);
      assertThat(there.registry.seen("POST", "/v2/a/")).isEmpty();
    }
  }

  @Test
  void whereARepositoryHasToBeThereItIsAskedFor() throws IOException {
    try (TestSite there = new TestSite()) {
      there.registry.on("POST", "", FaultyRegistry.status(404, ""));
      assertThat(look(there))
          .singleElement()
          .matches(found -> found.verdict() == Verdict.SKIPPED)
          .matches(
              found ->
                  found
                      .text()
                      .endsWith("to try it with: give {setting archive} or {setting list}"));
    }
    try (TestSite there = new TestSite()) {
      there.images = there.named("a/x");
      there.registry.on("POST", "", FaultyRegistry.status(404, ""));
      assertThatThrownBy(() -> look(there)).isInstanceOf(TransferException.class);
    }
  }
}
