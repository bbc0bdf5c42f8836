package io.mirrorimages.benchmark.line;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** A connection over the line: a socket at each end, a stream for each direction. */
final class Connection {
  private final Socket near;
  private final Socket far = new Socket();
  private final LineSettings settings;
  private final BooleanSupplier loses;
  private final AtomicLong carried = new AtomicLong();
  private final AtomicBoolean answered = new AtomicBoolean(true);
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param near the tool's end
   * @param loses asked for each request
   */
  Connection(Socket near, LineSettings settings, BooleanSupplier loses) {
    this.near = near;
    this.settings = settings;
    this.loses = loses;
  }

  /** A loop of a thread. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** Carries it to a port of this machine, until one of the ends closes it. */
  void run(int port, Pace allUp, Pace allDown) {
    guarded(
        () -> {
          // To open it takes a round trip, which the system of this machine does not need.
          Thread.sleep(settings.roundTrip());
          far.setReceiveBufferSize(ShapedLine.BUFFER);
          far.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          far.setTcpNoDelay(true);
          near.setTcpNoDelay(true);
          long delay = settings.roundTrip().toNanos() / 2;
          long now = System.nanoTime();
          Stream up =
              new Stream(
                  near.getInputStream(),
                  far.getOutputStream(),
                  delay,
                  allUp,
                  new Pace(settings.connectionRate(), now));
          Stream down =
              new Stream(
                  far.getInputStream(),
                  near.getOutputStream(),
                  delay,
                  allDown,
                  new Pace(settings.connectionRate(), now));
          begin(() -> read(up, this::upwards));
          begin(() -> read(down, this::downwards));
          begin(() -> write(up, far));
          write(down, near);
        });
  }

  private void begin(Work work) {
    Thread.ofPlatform().daemon().start(() -> guarded(work));
  }

  private void guarded(Work work) {
    try {
      work.run();
    } catch (IOException | InterruptedException e) {
      reset();
    }
  }

  private void read(Stream stream, Stream.Gate gate) throws IOException, InterruptedException {
    if (!stream.read(gate)) {
      reset();
    }
  }

  private void write(Stream stream, Socket to) throws IOException, InterruptedException {
    stream.write();
    to.shutdownOutput();
    if (closed.getAndSet(true)) {
      near.close();
      far.close();
    }
  }

  /** The first bytes after an answer are those of a request. */
  private boolean upwards(int bytes) {
    boolean request = answered.getAndSet(false);
    return !(request && loses.getAsBoolean()) && passes(bytes);
  }

  private boolean downwards(int bytes) {
    answered.set(true);
    return passes(bytes);
  }

  private boolean passes(int bytes) {
    long all = carried.addAndGet(bytes);
    return settings.cutAfter() == 0 || all < settings.cutAfter();
  }

  /** Ends it as a line does that breaks. */
  void reset() {
    for (Socket end : new Socket[] {near, far}) {
      try {
        end.setSoLinger(true, 0);
        end.close();
      } catch (IOException e) {
        // It is closed already.
      }
    }
  }
}
