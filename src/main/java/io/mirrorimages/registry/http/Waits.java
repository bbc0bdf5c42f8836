package io.mirrorimages.registry.http;

import java.io.InputStream;

/**
 * How long an answer's body may be waited for, by what it is read for.
 *
 * @param watch who watches the exchange, until {@link Answer#close}
 * @param timeouts the side's
 */
record Waits(Watch watch, Timeouts timeouts) {
  /** A content of any length. */
  InputStream forContent(InputStream body) {
    watch.allowAtLeastRate(timeouts.slowness());
    return new WatchedStream(body, watch);
  }

  /** A document that is read as a whole. */
  InputStream forDocument(InputStream body) {
    watch.allow(timeouts.document());
    return new WatchedStream(body, watch);
  }

  /** The text of an error. */
  InputStream forExplanation(InputStream body) {
    watch.allow(timeouts.explanation());
    return new WatchedStream(body, watch);
  }

  /** What nobody wants. */
  InputStream forRest(InputStream body) {
    watch.allow(timeouts.rest());
    return new WatchedStream(body, watch);
  }
}
