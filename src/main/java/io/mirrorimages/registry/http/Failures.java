package io.mirrorimages.registry.http;

import static java.util.Optional.empty;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.MissingContentException;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/**
 * The one place that says what a status means: its reason, and whether another try may mend it. The
 * messages name the host, the subject, the server's own words and the request's id.
 */
public final class Failures {
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 499);

  /** The server errors that are about the request, not about how the server is. */
  private static final Set<Integer> LASTING = Set.of(501, 505);

  // An index's children are named by the second, or, as blobs, by the first and the third.
  private static final Set<String> UNKNOWN_CONTENT =
      Set.of("MANIFEST_BLOB_UNKNOWN", "MANIFEST_UNKNOWN", "BLOB_UNKNOWN");

  private static final String CHECK = "check that it exists, the credentials, and their rights";

  private Failures() {}

  /** Whether a status may pass by itself. */
  public static boolean isPassing(int status) {
    return PASSING.contains(status) || isServerError(status);
  }

  /** CDNs have many of their own, all of which pass. */
  private static boolean isServerError(int status) {
    return status >= 500 && status <= 599 && !LASTING.contains(status);
  }

  /** Whether an answer says that its server has too much to do; GitHub says it by 403. */
  public static boolean isOverload(Response answer) {
    return answer.status() == 429
        || isServerError(answer.status())
        || (answer.status() == 403 && answer.header("Retry-After").isPresent());
  }

  /**
   * The failure that an answer means; reads its error text and closes it.
   *
   * @param subject what was asked for, for example an image's name
   */
  public static TransferException of(Response answer, String subject) {
    return of(answer, ErrorText.of(answer), subject);
  }

  /**
   * The failure that the answer to a manifest's PUT means: {@link MissingContentException} if the
   * registry does not know what the manifest refers to.
   *
   * @param withUrls whether it has foreign layers with addresses of their own, which registries
   *     refuse, distribution 2.8 by a 500 with no words for it
   */
  public static IOException ofManifestPut(Response answer, String subject, boolean withUrls) {
    ErrorText text = ErrorText.of(answer);
    boolean refused = text.has("UNKNOWN") || text.has("MANIFEST_INVALID");
    if (withUrls && refused && (answer.status() == 400 || answer.status() == 500)) {
      return fatal(
          FailureKind.UNSUPPORTED,
          host(answer)
              + " does not take the foreign layers (urls) of "
              + subject
              + tail(answer, text)
              + "; allow them there (distribution: validation.manifests.urls.allow), or leave their"
              + " platform out with "
              + Setting.PLATFORM);
    }
    // Harbor's NOT_FOUND is about a blob that it is clearing away, or a child that its registry has
    // and its table has not: both are to be sent again.
    boolean missing =
        ((answer.status() == 400 || answer.status() == 404)
                && UNKNOWN_CONTENT.stream().anyMatch(text::has))
            || (answer.status() == 404 && text.has("NOT_FOUND"));
    return missing
        ? new MissingContentException(
            host(answer) + " misses content of " + subject + tail(answer, text))
        : of(answer, text, subject);
  }

  private static String host(Response answer) {
    return answer.call().url().authority();
  }

  private static String tail(Response answer, ErrorText text) {
    return text.suffix() + " (request " + answer.requestId() + ")" + answer.remedy(text::has);
  }

  private static TransferException of(Response answer, ErrorText text, String subject) {
    int status = answer.status();
    String host = host(answer);
    String tail = tail(answer, text);
    if (answer.isFromElsewhere() && (status == 401 || status == 403)) {
      // Most often a signed address that has run out; the registry gives a new one.
      return passing(host + " refused a redirected request for " + subject + tail, answer);
    }
    if (isPassing(status) || (status == 403 && isLimit(answer, text))) {
      return passing(host + " answered " + status + " for " + subject + tail, answer);
    }
    return switch (status) {
      case 401, 403 ->
          text.speaksOfQuota()
              ? fatal(FailureKind.QUOTA, "the quota at " + host + " is used up: " + subject + tail)
              : fatal(
                  FailureKind.DENIED,
                  host
                      + " denies access to "
                      + subject
                      + tail
                      + answer
                          .advice()
                          .or(() -> text.saysWhy() ? empty() : Optional.of(CHECK))
                          .map(words -> "; " + words)
                          .orElse(""));
      case 404 -> fatal(FailureKind.MISSING, host + " does not have " + subject + tail);
      case 400 ->
          fatal(
              text.has("DIGEST_INVALID") ? FailureKind.CORRUPT : FailureKind.UNSUPPORTED,
              host + " refused " + subject + tail);
      case 412 ->
          fatal(
              FailureKind.DENIED, host + " does not let " + subject + " be changed or read" + tail);
      case 405, 413, 415 ->
          fatal(FailureKind.UNSUPPORTED, host + " answered " + status + " for " + subject + tail);
      default ->
          fatal(
              FailureKind.NETWORK,
              host + " answered " + status + movedTo(answer) + " for " + subject + tail);
    };
  }

  /**
   * The failure that a refusal means, if it is none of rights but of too many requests; reads the
   * answer's error text and closes it.
   */
  public static Optional<TransferException> ofLimit(Response answer, String subject) {
    ErrorText text = ErrorText.of(answer);
    return answer.status() == 403 && isLimit(answer, text)
        ? Optional.of(of(answer, text, subject))
        : empty();
  }

  private static boolean isLimit(Response answer, ErrorText text) {
    return isOverload(answer) || text.speaksOfRate();
  }

  private static String movedTo(Response answer) {
    try {
      return answer.status() / 100 == 3
          ? answer
              .header("Location")
              .map(to -> " (go to " + answer.call().url().resolve(to) + ")")
              .orElse("")
          : "";
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static TransferException passing(String message, Response answer) {
    Optional<Duration> wished = retryAfter(answer);
    String tooLong =
        wished.filter(time -> time.compareTo(Retries.LONGEST_ASKED) > 0).isPresent()
            ? "; it asks to be left alone for "
                + wished.get().toHours()
                + " h, longer than the "
                + Retries.LONGEST_ASKED.toHours()
                + " h that are waited for ("
                + Setting.RETRY_MAX_WAIT
                + ")"
            : "";
    return TransferException.passing(FailureKind.NETWORK, message + tooLong, null, wished);
  }

  private static TransferException fatal(FailureKind reason, String message) {
    return new TransferException(reason, message);
  }

  /**
   * The {@code Retry-After} of an answer (RFC 9110, 10.2.3), never negative. A date in it is by the
   * server's clock, and so is what the answer says of now: this machine's may be wrong, or jump.
   */
  public static Optional<Duration> retryAfter(Response answer) {
    Instant now = date(answer).orElseGet(Instant::now);
    return answer.header("Retry-After").flatMap(value -> retryAfter(value, now));
  }

  static Optional<Duration> retryAfter(String value, Instant now) {
    String text = value.strip();
    if (text.matches("[0-9]+")) {
      // More digits mean no other time: it is never waited for.
      return Optional.of(
          Duration.ofSeconds(text.length() > 9 ? 999_999_999 : Long.parseLong(text)));
    }
    return date(text).map(then -> then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO);
  }

  /** What time it was at the server; empty if it does not say. */
  public static Optional<Instant> date(Response answer) {
    return answer.header("Date").flatMap(Failures::date);
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return empty();
    }
  }

  /** A failure of what a server sent, where its status was fine. */
  public static TransferException garbled(Response answer, String message) {
    return TransferException.passing(
        FailureKind.NETWORK,
        answer.call().url().authority() + " " + message + " (request " + answer.requestId() + ")",
        null,
        empty());
  }

  /** The failure that an exception of the connection to {@code url} means. */
  public static IOException of(IOException e, Url url, Transport transport) {
    return ConnectionFailures.of(
        e, url, transport.proxyOf(url).map(Object::toString), transport.side());
  }
}
