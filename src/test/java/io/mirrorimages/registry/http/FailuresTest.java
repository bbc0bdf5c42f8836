package io.mirrorimages.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void retryAfterIsSecondsOrADate() {
    assertThat(Failures.retryAfter(" 120 ", NOW)).contains(Duration.ofMinutes(2));
    assertThat(Failures.retryAfter("Thu, 01 Jan 2026 00:00:30 GMT", NOW))
        .contains(Duration.ofSeconds(30));
    assertThat(Failures.retryAfter("Wed, 31 Dec 2025 00:00:00 GMT", NOW)).contains(Duration.ZERO);
    assertThat(Failures.retryAfter("soon", NOW)).isEmpty();
    assertThat(Failures.retryAfter("-1", NOW)).isEmpty();
  }

  @Test
  void aDateToRetryAfterIsReadByTheServersClock() {
    BasicClassicHttpResponse response = new BasicClassicHttpResponse(429);
    response.addHeader("Date", "Thu, 01 Jan 2026 00:00:00 GMT");
    response.addHeader("Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT");
    assertThat(Failures.retryAfter(new Answer(null, "", null, response, null)))
        .contains(Duration.ofSeconds(30));
  }

  @Test
  void harborsRepetitionIsSaidOnce() {
    assertThat(text("{\"errors\":[{\"code\":\"NOT_FOUND\",\"message\":\"a b: a b\"}]}"))
        .isEqualTo(": NOT_FOUND a b");
  }

  @Test
  void theMissingBlobIsNamed() {
    assertThat(
            text(
                "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\",\"message\":\"blob unknown\","
                    + "\"detail\":{\"digest\":\"sha256:aa\"}}]}"))
        .isEqualTo(": MANIFEST_BLOB_UNKNOWN blob unknown sha256:aa");
  }

  @Test
  void textOfAnyKindBecomesOneBoundedLine() {
    assertThat(text("a\r\n\tb\u001b[31m")).isEqualTo(": a b [31m");
    assertThat(text("x".repeat(10_000))).hasSizeLessThan(320);
    assertThat(text("")).isEmpty();
  }

  private static String text(String body) {
    return ErrorText.parse(body.getBytes(StandardCharsets.UTF_8)).suffix();
  }
}
