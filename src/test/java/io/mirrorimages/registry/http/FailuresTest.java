package io.mirrorimages.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.wire.BodyWait;
import io.mirrorimages.registry.http.wire.ExchangeWatch;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.http.wire.Watchdog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void retryAfterIsSecondsOrADate() {
    assertThat(Failures.retryAfter(" 120 ", NOW)).contains(Duration.ofMinutes(2));
    assertThat(Failures.retryAfter("Thu, 01 Jan 2026 00:00:30 GMT", NOW))
        .contains(Duration.ofSeconds(30));
    assertThat(Failures.retryAfter("Wed, 31 Dec 2025 00:00:00 GMT", NOW)).contains(Duration.ZERO);
    assertThat(Failures.retryAfter("99999999999999999999", NOW))
        .hasValueSatisfying(time -> assertThat(time).isGreaterThan(Duration.ofDays(365)));
    assertThat(Failures.retryAfter("soon", NOW)).isEmpty();
    assertThat(Failures.retryAfter("-1", NOW)).isEmpty();
  }

  @Test
  void aDateToRetryAfterIsReadByTheServersClock() {
    BasicClassicHttpResponse response = new BasicClassicHttpResponse(429);
    response.addHeader("Date", "Thu, 01 Jan 2026 00:00:00 GMT");
    response.addHeader("Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT");
    assertThat(Failures.retryAfter(new Response(null, null, response, null)))
        .contains(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 499, 500, 502, 509, 520, 524, 527, 530, 599})
  void whatMayPassIsARule(int status) {
    assertThat(failure(status, "").isTransient()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410, 418, 501, 505, 600, 999})
  void whatLastsIsNotTriedAgain(int status) {
    assertThat(failure(status, "").isTransient()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"slowly\"}]}",
        "You have exceeded a secondary rate limit. Please wait a few minutes",
        "Rate limit exceeded",
        "This client is rate-limited",
        "{\"message\":\"Rate exceeded\"}",
        "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
        "Request was throttled. Expected available in 3 seconds."
      })
  void aForbiddenThatMeansALimitPasses(String body) {
    assertThat(failure(403, body).isTransient()).isTrue();
    assertThat(failure(403, body, "Content-Type: text/html").isTransient()).isTrue();
    assertThat(failure(403, "no right", "Retry-After: 5").retryAfter())
        .contains(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The system is in read only mode. Any modification is prohibited.",
        "denied: can not push artifact to a proxy project: proxy"
      })
  void aRefusalThatSaysWhyGetsNoAdviceBesides(String message) {
    assertThat(failure(403, error("DENIED", message)))
        .hasMessageContaining(message)
        .hasMessageNotContaining("check that it exists");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no",
        "requested access to the resource is denied",
        "unauthorized to access repository: pr/x, action: push"
      })
  void aRefusalForWantOfARightGetsAdvice(String message) {
    assertThat(failure(403, error("DENIED", message)))
        .hasMessageEndingWith("; check that it exists, the credentials, and their rights");
  }

  private static String error(String code, String message) {
    return "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}".formatted(code, message);
  }

  @Test
  void aWaitOutOfReasonIsNamed() {
    assertThat(failure(503, "", "Retry-After: 36000")).hasMessageContaining("10 h");
  }

  @Test
  void whereARequestIsSentOnIsSaid() {
    assertThat(failure(301, "", "Location: https://there/x?secret"))
        .hasMessageContaining("answered 301 (go to https://there/x)");
  }

  private static TransferException failure(int status, String body, String... headers) {
    BasicClassicHttpResponse response = new BasicClassicHttpResponse(status);
    response.setEntity(new StringEntity(body));
    for (String header : headers) {
      response.addHeader(header.split(": ")[0], header.split(": ")[1]);
    }
    HttpUriRequestBase request = new HttpUriRequestBase("PUT", URI.create("http://h/x"));
    Request call = Request.of("PUT", Url.parse("http://h/x"), Duration.ofSeconds(1));
    BodyWait waits =
        new BodyWait(
            new ExchangeWatch(new Watchdog(Duration.ofSeconds(1)), () -> {}), Timeouts.DEFAULT);
    return Failures.of(new Response(call, request, response, waits), "it");
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
