package io.mirrorimages.registry.client;

import io.mirrorimages.failure.SilentHost;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.limit.outage.Outages;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Asks a host that did not answer for its {@code /v2/}: any answer at all will do. Thread-safe. */
public final class HostPing implements Outages.Trial {
  private final Transport transport;
  private final Duration stall;

  /** Trials by way of {@code transport}, which wait for some seconds. */
  public HostPing(Transport transport, Timeouts timeouts) {
    this.transport = transport;
    this.stall = timeouts.forTrials().stall();
  }

  @Override
  public Optional<String> symptom(String origin) throws IOException {
    Url url = Url.parse(origin).at("/v2/");
    try (Response answer = transport.send(Request.of("GET", url, stall))) {
      answer.finish();
      return Optional.empty();
    } catch (IOException e) {
      if (Failures.of(e, url, transport) instanceof TransferException failure) {
        // A certificate that is not trusted is an answer too.
        return failure.silentHost().map(SilentHost::symptom);
      }
      throw e;
    }
  }
}
