package io.mirrorimages.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What a line sends in place of an answer, until the client hangs up. */
final class Nonsense {
  private static final String[] NO_STATUS = {
    "HTTP/-1.1 200 OK",
    "HTTP/1.1 000 OK",
    "HTTP/1.1 9999999999 OK",
    "ICY 200 OK",
    "\u0015\u0003\u0003"
  };

  private Nonsense() {}

  /** Interim answers without end. */
  static void interim(OutputStream out, Duration stall) throws IOException {
    while (true) {
      send(out, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
      LockSupport.parkNanos(stall.toNanos() / 20);
    }
  }

  /** A head that comes byte by byte. */
  static void slowHead(OutputStream out, Duration stall) throws IOException {
    send(out, "HTTP/1.1 200 OK\r\nX-A: ");
    while (true) {
      send(out, "a");
      LockSupport.parkNanos(stall.toNanos() / 4);
    }
  }

  /** A first line that is none of HTTP. */
  static void noStatus(OutputStream out, int which) throws IOException {
    String line = NO_STATUS[Math.floorMod(which, NO_STATUS.length)];
    send(out, line + "\r\nContent-Length: 0\r\n\r\n");
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
