package io.mirrorimages.registry.endpoint;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.client.RegistryPing;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.limit.outage.Outages;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Asks, before work begins, whether any of a registry's endpoints is there. What each of them is
 * worth shows when it is asked for something.
 */
public final class RoutedPing {
  private static final Retries PATIENCE = new Retries(2, Duration.ofSeconds(5));

  private final Endpoints endpoints;

  /** A probe of all that stand in for a registry; makes no request yet. */
  public RoutedPing(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /** Returns if one is, or throws with what all of them said. */
  public void run(String registry) throws IOException {
    PATIENCE.call(
        () -> {
          once(registry);
          return true;
        });
  }

  private void once(String registry) throws IOException {
    List<ResolvedEndpoint> candidates = endpoints.candidates(new Repository(registry, ""));
    FailoverErrors attempts = new FailoverErrors("the images of " + registry);
    for (ResolvedEndpoint by : candidates) {
      try {
        if (by.endpoint().origin()) {
          new RegistryPing(by.among(candidates).client()).run();
        } else {
          ping(by.among(candidates));
        }
        return;
      } catch (IOException | RuntimeException e) {
        attempts.add(by, e);
      }
    }
    Outages outages = endpoints.limits().outages();
    throw outages.waitFromTheStart() ? attempts.failureAfter(outages) : attempts.failure();
  }

  private static Response answer(ResolvedEndpoint by) throws IOException {
    try {
      return by.client().ping();
    } catch (IOException e) {
      boolean waited = by.client().limits().outages().waitFromTheStart();
      throw waited ? by.client().survived(e) : e;
    }
  }

  /** A mirror need not have the page that says what it is. */
  static void ping(ResolvedEndpoint by) throws IOException {
    try (Response answer = answer(by)) {
      if (answer.isHtml()) {
        throw new TransferException(
            FailureKind.NETWORK, "it answers " + answer.call().url() + " with a web page");
      }
      if (Failures.isPassing(answer.status())) {
        throw Failures.of(answer, "the registry");
      }
      answer.finish();
    }
  }
}
