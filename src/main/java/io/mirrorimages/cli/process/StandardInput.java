package io.mirrorimages.cli.process;

import io.mirrorimages.image.ErrorWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** What comes by standard input besides lists. */
public final class StandardInput {
  private StandardInput() {}

  /**
   * The password on its first line.
   *
   * @throws UsageException if there is none
   */
  public static String password() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      if (line == null || line.isEmpty()) {
        throw new UsageException("no password came by standard input");
      }
      return line;
    } catch (IOException e) {
      throw new UsageException(
          "the password can't be read from standard input: " + ErrorWords.of(e));
    }
  }
}
