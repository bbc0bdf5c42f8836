package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.UsageException;
import java.util.regex.Pattern;

/** The name of a user as HTTP's basic authentication takes it (RFC 7617, section 2). */
final class UserName {
  private static final Pattern FORM = Pattern.compile("[^:\\p{C}\\p{Zl}\\p{Zp}]*");

  private UserName() {}

  /**
   * Refuses another name, without showing it: behind a colon a password stands.
   *
   * @param option that it was given with
   * @param remedy where the password belongs
   * @throws UsageException in one line
   */
  static void check(String option, String name, String remedy) {
    if (!FORM.matcher(name).matches()) {
      throw new UsageException(option + " takes no colon and no control characters" + remedy);
    }
  }
}
