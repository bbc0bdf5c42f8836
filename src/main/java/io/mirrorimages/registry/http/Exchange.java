package io.mirrorimages.registry.http;

import java.io.IOException;

/**
 * One stage of the request pipeline, and the pipeline as a whole. Each stage has the next one and
 * decides whether, how often and with which changes a request is passed on:
 *
 * <pre>
 * throttle -> authorize -> redirect -> log -> transport
 * </pre>
 *
 * Retries are above the pipeline, since what is retried is often more than one request.
 * Implementations are thread-safe.
 */
@FunctionalInterface
public interface Exchange {
  /**
   * Sends a request. Any status is an answer; its body is still on the wire, and the caller closes
   * it.
   *
   * @throws IOException if there is no answer
   */
  Response send(Request call) throws IOException;
}
