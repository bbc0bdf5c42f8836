package io.mirrorimages.registry;

import io.mirrorimages.registry.http.RequestLog;
import io.mirrorimages.registry.http.SentRequest;
import io.mirrorimages.registry.http.Url;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Where the time of all requests went, for each host: what they waited for, and how many were under
 * way at once. Knows hosts and figures only, no path and no secret. Thread-safe, without locks.
 */
public final class WaitProfile implements RequestLog.Listener {
  private static final double SECOND = 1e9;

  private final Consumer<SentRequest> next;
  private final long zero = System.nanoTime();
  private final Map<String, HostTimes> hosts = new ConcurrentHashMap<>();

  /** What is known of one host; times in nanoseconds. */
  private static final class HostTimes {
    private final AtomicInteger underway = new AtomicInteger();
    private final LongAccumulator most = new LongAccumulator(Math::max, 0);
    private final LongAccumulator first = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final LongAccumulator last = new LongAccumulator(Math::max, 0);
    private final LongAdder requests = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final LongAdder connecting = new LongAdder();
    private final LongAdder sending = new LongAdder();
    private final LongAdder waiting = new LongAdder();
    private final LongAdder receiving = new LongAdder();
    private final LongAdder all = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
  }

  /** A profile of the requests that it then passes on to {@code next}. */
  public WaitProfile(Consumer<SentRequest> next) {
    this.next = next;
  }

  @Override
  public void began(Url url) {
    HostTimes host = of(url);
    host.first.accumulate(System.nanoTime() - zero);
    host.most.accumulate(host.underway.incrementAndGet());
  }

  @Override
  public void ended(SentRequest request) {
    HostTimes host = of(request.url());
    SentRequest.Waits waits = request.waits();
    host.underway.decrementAndGet();
    host.last.accumulate(System.nanoTime() - zero);
    host.requests.increment();
    host.opened.add(waits.opened() ? 1 : 0);
    host.limited.add(request.waited().toNanos());
    host.connecting.add(waits.connecting());
    host.sending.add(waits.sending());
    host.waiting.add(waits.firstByte());
    host.receiving.add(waits.receiving());
    host.all.add(request.took().toNanos());
    host.received.add(request.received());
    host.sent.add(request.sent());
    next.accept(request);
  }

  private HostTimes of(Url url) {
    return hosts.computeIfAbsent(url.authority(), name -> new HostTimes());
  }

  /** A line of {@code name=value} for each host that was sent a request, by name. */
  public List<String> lines() {
    return hosts.entrySet().stream()
        .filter(entry -> entry.getValue().requests.sum() > 0)
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> line(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static String line(String name, HostTimes host) {
    double seconds = Math.max(1, host.last.get() - host.first.get()) / SECOND;
    double all = host.all.sum() / SECOND;
    double known =
        seconds(host.connecting)
            + seconds(host.sending)
            + seconds(host.waiting)
            + seconds(host.receiving);
    return String.format(
        Locale.ROOT,
        "profile=%s seconds=%.2f requests=%d opened=%d at_once=%d busy=%.1f idle=%.1f"
            + " limited_s=%.2f connecting_s=%.2f sending_s=%.2f first_byte_s=%.2f receiving_s=%.2f"
            + " own_s=%.2f received=%d sent=%d",
        name,
        seconds,
        host.requests.sum(),
        host.opened.sum(),
        host.most.get(),
        all / seconds,
        Math.max(0, host.most.get() - all / seconds),
        seconds(host.limited),
        seconds(host.connecting),
        seconds(host.sending),
        seconds(host.waiting),
        seconds(host.receiving),
        Math.max(0, all - known),
        host.received.sum(),
        host.sent.sum());
  }

  private static double seconds(LongAdder nanos) {
    return nanos.sum() / SECOND;
  }
}
