package io.mirrorimages.registry.client;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.Exchange;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.limit.HostThrottle;
import io.mirrorimages.registry.limit.Limits;
import io.mirrorimages.registry.limit.outage.HostWait;
import io.mirrorimages.registry.rules.KnownRegistries;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The stage that every request to a registry passes first: its limits hold the request up, and the
 * answer tells them how it went. The place in the budget is held until the answer is closed.
 * Thread-safe.
 */
final class Throttle {
  private final String registry;
  private final KnownRegistries known;
  private final Limits limits;
  private final Duration stall;
  private final UnaryOperator<String> label;

  /**
   * @param label what the user calls a server
   */
  Throttle(String registry, RegistrySettings settings, Limits limits, UnaryOperator<String> label) {
    this.registry = registry;
    this.known = settings.known();
    this.stall = settings.timeouts().stall();
    this.limits = limits;
    this.label = label;
  }

  /**
   * The stage for requests of the protocol. A pull waits until the registry gives one, and is sent
   * again if it was refused only because none was left.
   */
  Exchange before(Exchange next) {
    return call -> send(call, next);
  }

  /** The stage for requests to an API of the registry's own, where no pulls are counted. */
  Exchange beforeApi(Exchange next) {
    return call -> {
      long began = System.nanoTime();
      limits.awaitTraffic(call.body().held());
      return pass(call, began, next).answer();
    };
  }

  private Response send(Request call, Exchange next) throws IOException {
    long began = System.nanoTime();
    if (!call.method().equals("HEAD")) {
      limits.awaitTraffic(call.body().held());
    }
    if (!call.isPull()) {
      return pass(call, began, next).answer();
    }
    while (true) {
      limits.takePull(() -> pass(call.asHead(), System.nanoTime(), next).answer().close());
      try {
        Passed passed = pass(call, began, next);
        if (!passed.quotaUsedUp()) {
          return passed.answer();
        }
        passed.answer().finish();
        began = System.nanoTime();
      } finally {
        limits.quota().ended();
      }
    }
  }

  private record Passed(Response answer, boolean quotaUsedUp) {}

  private Passed pass(Request call, long began, Exchange next) throws IOException {
    String server = call.url().server();
    limits.awaitHost(server, call.body().held());
    HostThrottle.Permit place = limits.enter(call.body().held());
    Duration waited = Duration.ofNanos(System.nanoTime() - began);
    boolean slow = call.patience().compareTo(stall) > 0;
    try (HostWait waiting = limits.outages().begin(server, label.apply(server), slow)) {
      long sent = limits.quota().sent();
      Response answer = next.send(metered(call, waiting).heldUp(waited));
      boolean quotaUsedUp =
          limits.quota().note(sent, answer.status(), answer::header, call.isPull());
      if (!quotaUsedUp && Failures.isOverload(answer)) {
        // What the storage wants that it redirects to holds up nothing else.
        place.refused(
            answer.status(),
            answer.isFromElsewhere() ? Optional.empty() : Failures.retryAfter(answer));
      } else {
        place.well();
      }
      refuseWebPage(call, answer);
      if (answer.status() >= 400) {
        answer = answer.under(known.of(registry, answer::header));
      }
      return new Passed(answer.through(limits.traffic()::metered, place::leave), quotaUsedUp);
    } catch (IOException e) {
      if (e instanceof TransferException token && token.retryAfter().isPresent()) {
        place.refused(429, token.retryAfter());
      }
      place.leave();
      throw limits.survived(e, label);
    } catch (RuntimeException e) {
      place.leave();
      throw e;
    }
  }

  private Request metered(Request call, HostWait waiting) throws IOException {
    return switch (call.body()) {
      case Request.Nothing nothing -> call;
      case Request.Bytes bytes -> {
        limits.traffic().moved(bytes.bytes().length);
        yield call;
      }
      case Request.Once once ->
          call.with(
              new Request.Once(
                  waiting.sending(limits.traffic().metered(once.content())), once.length()));
    };
  }

  /**
   * A proxy that wants a login answers anything with 200 and a page: that confirms nothing. Readers
   * check what they read; and registries that say text/html of an empty answer say 201 or 202, or
   * name the digest.
   */
  private static void refuseWebPage(Request call, Response answer) throws TransferException {
    if (!call.method().equals("GET")
        && answer.status() == 200
        && answer.isHtml()
        && answer.header("Docker-Content-Digest").isEmpty()) {
      answer.close();
      throw Failures.garbled(answer, "answered " + call.method() + " with a web page");
    }
  }
}
