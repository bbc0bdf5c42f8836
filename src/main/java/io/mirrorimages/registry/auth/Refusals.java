package io.mirrorimages.registry.auth;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.failure.Setting;
import java.util.List;

/** What to do about credentials that are refused. */
public final class Refusals {
  private Refusals() {}

  /**
   * That there is nothing to show to a registry.
   *
   * @param places where it was looked for
   */
  static String missing(String registry, List<String> places) {
    return "no credentials for "
        + registry
        + (places.isEmpty() ? "" : ": looked in " + String.join(", ", places))
        + " (docker login, or "
        + Setting.USERNAME
        + " with "
        + Setting.PASSWORD_STDIN
        + ")";
  }

  /** That a host does not take a login, in one line. */
  static String ofLogin(String host, Credential credential) {
    return host + " refuses " + credential + "; " + remedy(credential);
  }

  /** One line, for the end of a message. */
  public static String remedy(Credential credential) {
    String check =
        "check the credentials (docker login, or "
            + Setting.USERNAME
            + " with "
            + Setting.PASSWORD_STDIN
            + ")";
    String name = credential.username();
    if (name.startsWith("robot") && name.indexOf('$') < 0 && name.indexOf('+') < 0) {
      return check
          + "; the name of a Harbor robot has a $, which a shell takes away: put it in"
          + " single quotes";
    }
    return name.startsWith("robot$")
        ? check + "; a robot may also have expired, or been disabled"
        : check;
  }
}
