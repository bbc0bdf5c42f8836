package io.mirrorimages.benchmark.line;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a line really does on this machine now, beside what it is to do: its round trip by one byte
 * and its echo, its rates by some seconds of traffic. Cuts and losses are left out.
 */
public final class SelfCheck implements AutoCloseable {
  private static final double RATE_OFF = 0.03;
  private static final double DELAY_OFF = 5;
  private static final int PINGS = 9;
  private static final int STREAMS = 4;
  private static final double SECONDS = 2;
  private static final int WITHOUT_LIMIT = 20_000_000;

  private final LineSettings settings;
  private final ServerSocket echo;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
  private boolean accurate = true;

  private SelfCheck(LineSettings settings) throws IOException {
    this.settings =
        new LineSettings(settings.roundTrip(), settings.rate(), settings.connectionRate(), 0, 0);
    this.echo = new ServerSocket(0, STREAMS, InetAddress.getLoopbackAddress());
  }

  /** One line of text; takes some seconds. */
  public static String of(LineSettings settings) throws IOException, InterruptedException {
    try (SelfCheck check = new SelfCheck(settings);
        ShapedLine line = new ShapedLine(check.settings, 0)) {
      check.threads.execute(check::serve);
      return check.measure(line.to(check.echo.getLocalPort()));
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private String measure(int port) throws IOException, InterruptedException, ExecutionException {
    warmUp(port);
    List<String> found = new ArrayList<>();
    double ping = ping(port);
    accurate &= Math.abs(ping - settings.roundTrip().toMillis()) <= DELAY_OFF;
    found.add(String.format(Locale.ROOT, "round trip %.1f ms", ping));
    double one = settings.connectionRate();
    double all = settings.rate();
    if (one > 0) {
      found.add(rates("one connection", port, 1, all > 0 ? Math.min(one, all) : one));
    }
    double most = one > 0 ? STREAMS * one : Double.MAX_VALUE;
    if (all > 0) {
      found.add(rates(STREAMS + " connections", port, STREAMS, Math.min(all, most)));
    }
    if (one <= 0 && all <= 0) {
      found.add(rates("no limit", port, 1, 0));
    }
    return "the line does %s: %s"
        .formatted(
            String.join(", ", found),
            accurate
                ? "within 5 ms and 3 %"
                : "NOT within 5 ms and 3 %, so figures on it say little");
  }

  /** The compiler has to see the loops first. */
  private void warmUp(int port) throws IOException, InterruptedException, ExecutionException {
    rates("", port, STREAMS, 0);
    ping(port);
  }

  private double ping(int port) throws IOException {
    double[] times = new double[PINGS];
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      // The first one also opens the connection.
      for (int i = -1; i < PINGS; i++) {
        long began = System.nanoTime();
        socket.getOutputStream().write(1);
        socket.getInputStream().read();
        if (i >= 0) {
          times[i] = (System.nanoTime() - began) / 1e6;
        }
      }
    }
    Arrays.sort(times);
    return times[PINGS / 2];
  }

  /** Both directions at once, by the echo of what is sent. */
  private String rates(String name, int port, int streams, double expected)
      throws InterruptedException, ExecutionException {
    long each = (long) (expected > 0 ? expected * SECONDS : WITHOUT_LIMIT) / streams;
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      tasks.add(() -> transfer(port, each));
    }
    long began = System.nanoTime();
    long ended = began;
    for (Future<Long> end : threads.invokeAll(tasks)) {
      ended = Math.max(ended, end.get());
    }
    // Opened, and to the other end and back.
    double seconds = (ended - began) / 1e9 - 2 * settings.roundTrip().toNanos() / 1e9;
    double rate = each * streams / seconds;
    accurate &= expected == 0 || Math.abs(rate / expected - 1) <= RATE_OFF;
    return String.format(Locale.ROOT, "%s %.2f MB/s each way", name, rate / 1e6);
  }

  /** Gives when the last byte came. */
  private long transfer(int port, long bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      threads.submit(
          () -> {
            byte[] portion = new byte[Stream.PORTION];
            for (long left = bytes; left > 0; left -= portion.length) {
              out.write(portion, 0, (int) Math.min(left, portion.length));
            }
            return null;
          });
      byte[] buffer = new byte[Stream.PORTION];
      InputStream in = socket.getInputStream();
      for (long left = bytes; left > 0; ) {
        left -= Math.max(1, in.read(buffer));
      }
      return System.nanoTime();
    }
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = echo.accept();
        socket.setTcpNoDelay(true);
        threads.submit(() -> socket.getInputStream().transferTo(socket.getOutputStream()));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  @Override
  public void close() throws IOException {
    echo.close();
    threads.shutdownNow();
  }
}
