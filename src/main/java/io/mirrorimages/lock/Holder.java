package io.mirrorimages.lock;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who has a lock. Nothing of its command line: there may be secrets in it.
 *
 * @param pid its process id on {@code host}
 * @param host the machine, by the name it has for itself
 * @param since when it took the lock
 */
record Holder(long pid, String host, Instant since) {
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  /** What others write comes onto the terminal: only what can be a host's name is taken for one. */
  private static final Pattern LINE =
      Pattern.compile(
          "pid ([0-9]{1,18}) host ([A-Za-z0-9._-]{1,255}) since ([0-9TZ:.-]{1,40})\\s*");

  /** This process, now. */
  static Holder self() {
    return new Holder(
        ProcessHandle.current().pid(), hostName(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Reads {@link #line}; empty if it is none. */
  static Optional<Holder> parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Holder(
              Long.parseLong(parts.group(1)), parts.group(2), Instant.parse(parts.group(3))));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The line of text that is kept in the lock's file. */
  String line() {
    return "pid " + pid + " host " + host + " since " + since + "\n";
  }

  /** For the user. */
  @Override
  public String toString() {
    return "process " + pid + " on " + host + ", since " + since;
  }

  /** From the kernel where it tells: asking the resolver takes seconds where that is broken. */
  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unknown) {
        return "localhost";
      }
    }
  }
}
