package io.mirrorimages.registry;

import java.io.IOException;
import java.time.Duration;

/**
 * What holds the requests to one registry, or one endpoint of it, up.
 *
 * @param gate how many at once and in a time, and pauses when it is in trouble
 * @param traffic how many bytes
 * @param quota how many manifests it still gives
 * @param patience how long a request waits for them; one that would wait longer fails with a {@link
 *     BusyException}
 */
record Limits(HostGate gate, Traffic traffic, PullQuota quota, Duration patience) {
  /** As long as it takes. */
  static final Duration FOREVER = Duration.ofDays(36_500);

  /** How long a connection to a source may be idle; to ask for the rest again takes as long. */
  private static final Duration HELD = Duration.ofSeconds(1);

  private static final Duration SHORT = Duration.ofSeconds(3);

  /** The same where others can be asked in place of a long wait. */
  Limits withOthers() {
    return new Limits(gate, traffic, quota, SHORT);
  }

  /**
   * Waits for a place; see {@link HostGate#enter}. Before a long wait the content that is to be
   * sent gives back its connection: who has the place may be waiting for that.
   */
  HostGate.Place enter(Call.Body body) throws IOException {
    if (body instanceof Call.Once once) {
      try {
        return gate.enter(HELD);
      } catch (BusyException e) {
        once.rewind();
      }
    }
    return gate.enter(patience);
  }

  /** Waits until bytes may be moved. */
  void awaitTraffic() throws IOException {
    traffic.await(patience);
  }

  /** The same; before a long wait the content that is to be sent gives back its connection. */
  void awaitTraffic(Call.Body body) throws IOException {
    if (body instanceof Call.Once once && traffic.timeToWait().compareTo(HELD) > 0) {
      once.rewind();
    }
    awaitTraffic();
  }

  /** Takes a pull; see {@link PullQuota#take}. */
  void takePull(PullQuota.Look look) throws IOException {
    quota.take(look, patience);
  }
}
