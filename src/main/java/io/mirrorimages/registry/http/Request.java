package io.mirrorimages.registry.http;

import io.mirrorimages.registry.limit.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One request. Immutable, but for a body that can be read only once.
 *
 * @param method the HTTP method
 * @param url where to
 * @param headers further headers
 * @param body what is sent along
 * @param patience how long the answer's first byte, and each next one, may take
 * @param authorization the value of that header; empty for none
 * @param trace its id, and how long it was held up
 */
public record Request(
    String method,
    Url url,
    Map<String, String> headers,
    Body body,
    Duration patience,
    Optional<String> authorization,
    Trace trace) {
  /** Copies the headers. */
  public Request {
    headers = Map.copyOf(headers);
  }

  /** What a request carries. */
  public sealed interface Body {
    /** The connection that the content comes from, if there is one. */
    default Optional<Limits.Held> held() {
      return Optional.empty();
    }

    /** How many bytes it has. */
    long length();
  }

  /** Nothing; with POST and PUT said as {@code Content-Length: 0}. */
  public record Nothing() implements Body {
    @Override
    public long length() {
      return 0;
    }
  }

  /** Bytes in memory. */
  public record Bytes(byte[] bytes, String mediaType) implements Body {
    @Override
    public long length() {
      return bytes.length;
    }
  }

  /**
   * A stream that can be read once, of known length; not closed here. If it can be rewound, its
   * mark is where it begins.
   */
  public record Once(InputStream content, long length) implements Body {
    /** Rewinds it, by which it gives back the connection that it comes from. */
    public void rewind() throws IOException {
      if (content.markSupported()) {
        content.reset();
      }
    }

    @Override
    public Optional<Limits.Held> held() {
      return Optional.of(this::rewind);
    }
  }

  /** One that carries nothing. */
  public static Request of(String method, Url url, Duration patience) {
    return new Request(
        method, url, Map.of(), new Nothing(), patience, Optional.empty(), Trace.begin());
  }

  /** The same with a further header. */
  public Request with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Request(method, url, more, body, patience, authorization, trace);
  }

  /** The same with another body. */
  public Request with(Body other) {
    return new Request(method, url, headers, other, patience, authorization, trace);
  }

  /** The same as a HEAD. */
  public Request asHead() {
    return new Request("HEAD", url, headers, body, patience, authorization, trace);
  }

  /** The same to another address, still with its Authorization. */
  public Request to(Url other) {
    return new Request(
        method,
        other,
        headers,
        body,
        patience,
        authorization,
        new Trace(trace.requestId(), Duration.ZERO));
  }

  /** The same without Authorization. */
  Request asNobody() {
    return new Request(method, url, headers, body, patience, Optional.empty(), trace);
  }

  /** The same, with an id of its own, with this Authorization and no other. */
  public Request as(Optional<String> other) {
    return new Request(method, url, headers, body, patience, other, trace.withNewId());
  }

  /** The same, which was held up for {@code time}. */
  public Request heldUp(Duration time) {
    return new Request(
        method, url, headers, body, patience, authorization, new Trace(trace.requestId(), time));
  }

  /** Whether its body can be sent a second time. */
  public boolean isRepeatable() {
    return !(body instanceof Once);
  }

  /** Whether Docker Hub counts it. */
  public boolean isPull() {
    return method.equals("GET") && url.target().contains("/manifests/");
  }

  boolean isRead() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** Without headers, since the Authorization is a secret. */
  @Override
  public String toString() {
    return method + " " + url;
  }
}
