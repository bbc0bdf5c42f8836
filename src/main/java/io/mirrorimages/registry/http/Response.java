package io.mirrorimages.registry.http;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.wire.BodyWait;
import io.mirrorimages.registry.http.wire.WireTimes;
import io.mirrorimages.registry.rules.RegistryRules;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/**
 * What a server answered. Whoever gets one closes it; a body that was not read to its end costs the
 * connection then, which is cheaper than reading on. Used by one thread.
 */
public final class Response implements Closeable {
  private static final int WORTH_READING = 64 * 1024;
  private static final int LONGEST_EXPLANATION = 64 * 1024;

  private final Request call;
  private final HttpUriRequestBase request;
  private final ClassicHttpResponse response;
  private final BodyWait waits;
  private final boolean foreign;
  private final UnaryOperator<InputStream> meter;
  private final Runnable atClose;
  private final Optional<RegistryRules> rules;
  private final Optional<String> advice;
  private boolean closed;

  Response(Request call, HttpUriRequestBase request, ClassicHttpResponse response, BodyWait waits) {
    this(
        call,
        request,
        response,
        waits,
        false,
        in -> in,
        () -> {},
        Optional.empty(),
        Optional.empty());
  }

  private Response(
      Request call,
      HttpUriRequestBase request,
      ClassicHttpResponse response,
      BodyWait waits,
      boolean foreign,
      UnaryOperator<InputStream> meter,
      Runnable atClose,
      Optional<RegistryRules> rules,
      Optional<String> advice) {
    this.call = call;
    this.request = request;
    this.response = response;
    this.waits = waits;
    this.foreign = foreign;
    this.meter = meter;
    this.atClose = atClose;
    this.rules = rules;
    this.advice = advice;
  }

  /** The same answer, marked as that of a server that the asked one redirected to. */
  Response fromElsewhere() {
    return new Response(call, request, response, waits, true, meter, atClose, rules, advice);
  }

  /**
   * The same answer, whose body is read through {@code stream} too, and which also runs {@code
   * action} when it is closed, before the actions it has already.
   */
  public Response through(UnaryOperator<InputStream> stream, Runnable action) {
    return new Response(
        call,
        request,
        response,
        waits,
        foreign,
        in -> stream.apply(meter.apply(in)),
        () -> {
          try {
            action.run();
          } finally {
            atClose.run();
          }
        },
        rules,
        advice);
  }

  /** The same answer, of a registry with these rules. */
  public Response under(RegistryRules known) {
    return new Response(
        call, request, response, waits, foreign, meter, atClose, Optional.of(known), advice);
  }

  /** The same answer, a refusal, with words about what may help. */
  public Response advising(String words) {
    return new Response(
        call, request, response, waits, foreign, meter, atClose, rules, Optional.of(words));
  }

  /** A remedy for this refusal, if the sender of the request knows one. */
  Optional<String> advice() {
    return advice;
  }

  /**
   * What is known to help against this status, or against an error's code where something was to be
   * stored: empty, or a semicolon and one line.
   */
  public String remedy(Predicate<String> code) {
    boolean reading = call.method().equals("GET") || call.method().equals("HEAD");
    return rules.map(known -> known.remedy(status(), reading ? c -> false : code)).orElse("");
  }

  /** Where the time went until it came. */
  WireTimes times() {
    return waits.watch().times();
  }

  /** The HTTP status. */
  public int status() {
    return response.getCode();
  }

  /** The call as it was answered, after redirects. */
  public Request call() {
    return call;
  }

  /** By which the registry's own log may know the request. */
  public String requestId() {
    return call.trace().requestId();
  }

  /** Whether another server answered than was asked. */
  public boolean isFromElsewhere() {
    return foreign;
  }

  /** The first header of that name, in whatever case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
  }

  /** All headers of that name, in whatever case. */
  public List<String> headers(String name) {
    return Arrays.stream(response.getHeaders(name))
        .map(header -> Optional.ofNullable(header.getValue()).orElse(""))
        .toList();
  }

  /** Whether it says that its body is a web page. */
  public boolean isHtml() {
    String type = io.mirrorimages.image.MediaTypes.bare(header("Content-Type").orElse(""));
    return type.equals("text/html") || type.equals("application/xhtml+xml");
  }

  /**
   * The body as it comes, whatever coding it has; empty where there is none. Closing it is left to
   * {@link #close}.
   */
  public InputStream body() throws IOException {
    return meter.apply(waits.forContent(unmetered()));
  }

  /** As {@link #body()}, where that is in a coding. */
  public InputStream decodedBody() throws IOException {
    return ContentCoding.decoded(body());
  }

  private InputStream unmetered() throws IOException {
    InputStream body = response.getEntity() == null ? null : response.getEntity().getContent();
    return body == null ? InputStream.nullInputStream() : body;
  }

  /**
   * The whole body of what is a JSON document, decoded, or its first {@code limit + 1} bytes if it
   * has more.
   */
  public byte[] document(int limit) throws IOException {
    return document(meter.apply(waits.forDocument(unmetered())), limit);
  }

  private byte[] document(InputStream body, int limit) throws IOException {
    Optional<String> coding = ContentCoding.of(this);
    boolean gzip = coding.map(ContentCoding::isGzip).orElse(false);
    byte[] bytes = (gzip ? ContentCoding.decoded(body) : body).readNBytes(limit + 1);
    if (coding.isPresent() && !gzip && bytes.length > 0 && "{[ \t\r\n".indexOf(bytes[0]) < 0) {
      throw Failures.garbled(
          this,
          "sent the content coding "
              + ErrorText.line(coding.get())
              + ", which it was not asked for, and which can't be decoded");
    }
    return bytes;
  }

  /** As {@link #document}; {@link FailureKind#NETWORK} if it has more than {@code limit} bytes. */
  public byte[] bytes(int limit) throws IOException {
    byte[] bytes = document(limit);
    if (bytes.length > limit) {
      throw new TransferException(
          FailureKind.NETWORK, call.url() + " sent more than the " + limit + " bytes allowed");
    }
    return bytes;
  }

  /** As much of an error's text as can be had soon, at most 64 KiB. */
  byte[] explanation() {
    try {
      return document(meter.apply(waits.forExplanation(unmetered())), LONGEST_EXPLANATION);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** Reads a small body to its end, so that the connection can be used again, and closes. */
  public void finish() {
    try {
      waits.forRest(unmetered()).skipNBytes(WORTH_READING);
    } catch (IOException e) {
      // The end of the body, or a connection that is of no use any more.
    }
    close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      // Without this the client would read the rest of the body. No effect at the body's end.
      request.cancel();
      response.close();
    } catch (IOException e) {
      // Nothing more is wanted of this connection.
    } finally {
      waits.watch().close();
      atClose.run();
    }
  }
}
