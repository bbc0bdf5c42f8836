package io.mirrorimages.registry.http.wire;

import java.io.InputStream;

/**
 * How long an answer's body may be waited for, by what it is read for.
 *
 * @param watch times the exchange, until {@link io.mirrorimages.registry.http.Response#close}
 * @param timeouts the side's
 */
public record BodyWait(ExchangeWatch watch, Timeouts timeouts) {
  /** A content of any length. */
  public InputStream forContent(InputStream body) {
    watch.allowAtLeastRate(timeouts.slowness());
    return new WatchedStream(body, watch);
  }

  /** A document that is read as a whole. */
  public InputStream forDocument(InputStream body) {
    watch.allow(timeouts.document());
    return new WatchedStream(body, watch);
  }

  /** The text of an error. */
  public InputStream forExplanation(InputStream body) {
    watch.allow(timeouts.explanation());
    return new WatchedStream(body, watch);
  }

  /** For the rest of a body that is discarded. */
  public InputStream forRest(InputStream body) {
    watch.allow(timeouts.rest());
    return new WatchedStream(body, watch);
  }
}
