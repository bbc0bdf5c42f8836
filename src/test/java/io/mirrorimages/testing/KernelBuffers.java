package io.mirrorimages.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel holds between two processes of this machine: sent, and not read yet. */
public final class KernelBuffers {
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int QUEUES = 4;
  private static final int HEXADECIMAL = 16;

  private KernelBuffers() {}

  /**
   * The bytes in the queues of all TCP sockets with this port at either end, as proc(5) tells of
   * {@code /proc/net/tcp}; of one that listens, the connections that wait.
   */
  public static long of(int port) throws IOException {
    long bytes = 0;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      Path file = Path.of(table);
      List<String> sockets = Files.exists(file) ? Files.readAllLines(file) : List.of();
      for (String socket : sockets.stream().skip(1).toList()) {
        String[] words = socket.strip().split(" +");
        if (port(words[LOCAL]) == port || port(words[REMOTE]) == port) {
          String[] queues = words[QUEUES].split(":");
          bytes += Long.parseLong(queues[0], HEXADECIMAL) + Long.parseLong(queues[1], HEXADECIMAL);
        }
      }
    }
    return bytes;
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), HEXADECIMAL);
  }
}
