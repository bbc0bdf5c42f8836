package io.mirrorimages.testing;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.MediaTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A registry to read from that sends its blobs slowly, counts every byte of them, and can be told
 * to stop after so many. Whoever waits for something here waits for a count, not for a time.
 */
public final class SlowUpstream implements AutoCloseable {
  private static final int PIECE = 16 * 1024;
  private static final Duration PACE = Duration.ofMillis(1);
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final FaultyRegistry registry = new FaultyRegistry();
  private final Map<String, Integer> sizes = new LinkedHashMap<>();
  private final Map<String, Runnable> tags = new LinkedHashMap<>();
  private final Map<String, Integer> reached = new HashMap<>();
  private final Set<String> failing = new HashSet<>();
  private long sent;
  private long mostSentAgain;
  private long allowed = Long.MAX_VALUE;
  private int round;
  private int held;
  private boolean holding;
  private boolean ignoringRange;

  /** Starts it; nothing is held back. */
  public SlowUpstream() throws IOException {
    registry.on("GET", "/blobs/", this::blob);
    registry.on("*", "/manifests/", this::manifest);
  }

  /** Stores a layer. */
  public String addBlob(byte[] bytes) {
    return registry.addBlob(bytes);
  }

  /** Stores an image of these layers under a tag; its name without the tag. */
  public String addImage(String repository, String tag, String... layers) {
    byte[] json = ("{\"of\":\"" + repository + "\"}").getBytes(StandardCharsets.UTF_8);
    String config = addBlob(json);
    List<String> all = new ArrayList<>(List.of(layers));
    all.add(config);
    StringBuilder entries = new StringBuilder();
    for (String layer : layers) {
      entries
          .append(entries.isEmpty() ? "" : ",")
          .append(descriptor("application/octet-stream", layer));
    }
    byte[] manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(MediaTypes.OCI_MANIFEST, descriptor("a/b", config), entries)
            .getBytes(StandardCharsets.UTF_8);
    Runnable put = () -> registry.addManifest(repository, tag, manifest, MediaTypes.OCI_MANIFEST);
    put.run();
    if (tags.putIfAbsent(repository + ":" + tag, put) == null) {
      all.forEach(blob -> sizes.put(blob, registry.blob(blob).length));
    }
    return registry.name() + "/" + repository;
  }

  /** Every tag is what it was at first. */
  public void restoreTags() {
    tags.values().forEach(Runnable::run);
  }

  /** The size of all blobs of the images as they were at first, each once. */
  public long total() {
    return sizes.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** The bytes of blobs that were sent, however often. */
  public synchronized long sent() {
    return sent;
  }

  /** The bytes of blobs that were sent at least once. */
  public synchronized long reached() {
    return reached.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** The most that had to be sent again of one blob, by one request. */
  public synchronized long mostSentAgain() {
    return mostSentAgain;
  }

  /** What it has sent and its clients have not read: meant for when they are stopped. */
  public long unread() throws IOException {
    String name = registry.name();
    return KernelBuffers.of(Integer.parseInt(name.substring(name.indexOf(':') + 1)));
  }

  /** Counts from zero. */
  public synchronized void forget() {
    reached.clear();
    sent = 0;
    mostSentAgain = 0;
  }

  /** From now on all is sent. */
  public synchronized void openWide() {
    allowed = Long.MAX_VALUE;
    notifyAll();
  }

  /** After {@code bytes} further bytes of blobs no more are sent. */
  public synchronized void letThrough(long bytes) {
    allowed = sent + bytes;
    notifyAll();
  }

  /** The connections there are now get nothing any more: their reader is dead. */
  public synchronized void cutOff() {
    round++;
    notifyAll();
  }

  /** Waits until all that was to be let through has been sent. */
  public synchronized void awaitStop() throws InterruptedException {
    await(() -> sent >= allowed);
  }

  /** Waits until so many different bytes have been sent. */
  public synchronized void awaitReached(long bytes) throws InterruptedException {
    await(() -> reached() >= bytes);
  }

  /** Whether requests for manifests get no answer. */
  public synchronized void holdManifests(boolean hold) {
    holding = hold;
    held = 0;
    notifyAll();
  }

  /** Waits until so many requests for manifests get no answer. */
  public synchronized void awaitHeldManifests(int count) throws InterruptedException {
    await(() -> held >= count);
  }

  /** Whether a whole blob is the answer to a request for its end. */
  public synchronized void ignoreRange(boolean ignore) {
    ignoringRange = ignore;
  }

  /** Whether a blob is refused with 503. */
  public synchronized void fail(String digest, boolean fail) {
    if (fail) {
      failing.add(digest);
    } else {
      failing.remove(digest);
    }
  }

  private void blob(HttpExchange exchange) throws IOException {
    String digest = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
    byte[] bytes = registry.blob(digest);
    String range = exchange.getRequestHeaders().getFirst("Range");
    int mine;
    int from;
    int to;
    synchronized (this) {
      if (bytes == null || failing.contains(digest)) {
        FaultyRegistry.respond(exchange, bytes == null ? 404 : 503, new byte[0]);
        return;
      }
      boolean whole = range == null || ignoringRange;
      String[] ends = (whole ? "0" : range.replace("bytes=", "")).split("-");
      from = Integer.parseInt(ends[0]);
      to = ends.length < 2 ? bytes.length : Integer.parseInt(ends[1]) + 1;
      mostSentAgain = Math.max(mostSentAgain, reached.getOrDefault(digest, 0) - from);
      mine = round;
    }
    boolean part = from > 0 || to < bytes.length;
    if (part) {
      String what = "bytes " + from + "-" + (to - 1) + "/" + bytes.length;
      exchange.getResponseHeaders().add("Content-Range", what);
    }
    exchange.sendResponseHeaders(part ? 206 : 200, to - from);
    OutputStream out = exchange.getResponseBody();
    for (int at = from; at < to; ) {
      int piece = take(digest, at, Math.min(PIECE, to - at), mine);
      out.write(bytes, at, piece);
      out.flush();
      at += piece;
      LockSupport.parkNanos(PACE.toNanos());
    }
  }

  /** How many of {@code wanted} bytes may be sent now; they count as sent. */
  private synchronized int take(String digest, int at, int wanted, int mine) throws IOException {
    while (sent >= allowed && mine == round) {
      pause();
    }
    if (mine != round) {
      throw new IOException("its reader is dead");
    }
    int piece = (int) Math.min(wanted, allowed - sent);
    sent += piece;
    reached.merge(digest, at + piece, Math::max);
    notifyAll();
    return piece;
  }

  private void manifest(HttpExchange exchange) throws IOException {
    synchronized (this) {
      held++;
      notifyAll();
      while (holding) {
        pause();
      }
    }
    registry.properly(exchange);
  }

  private void pause() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        throw new AssertionError("sent " + sent + " of " + allowed + " bytes, and no more came");
      }
      wait(left);
    }
  }

  private String descriptor(String mediaType, String digest) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(mediaType, digest, registry.blob(digest).length);
  }

  @Override
  public void close() {
    cutOff();
    registry.close();
  }
}
