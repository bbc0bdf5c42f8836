package io.mirrorimages.cli;

import io.mirrorimages.cli.process.OutOfMemory;
import java.security.Security;

/** The program's entry. */
public final class Main {
  private static final String STALE_NAMES_SECONDS = "86400";

  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    surviveNameServers();
    OutOfMemory.endsTheProcess(System.err);
    System.exit(exitCode(arguments));
  }

  private static int exitCode(String[] arguments) {
    try {
      return Cli.execute(System.out, System.err, arguments);
    } catch (OutOfMemoryError e) {
      // Everything has been closed on the way here, and what it held is free.
      return OutOfMemory.told(e);
    }
  }

  /**
   * A name server may be out of order for a while: an address that was known goes on to be used,
   * and one that could not be found is asked for again by every try. By default the JVM remembers a
   * failure for ten seconds, which would waste most tries.
   */
  private static void surviveNameServers() {
    Security.setProperty("networkaddress.cache.stale.ttl", STALE_NAMES_SECONDS);
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }
}
