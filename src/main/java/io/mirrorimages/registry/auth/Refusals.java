package io.mirrorimages.registry.auth;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.Side;
import java.util.List;

/** What to do about credentials that are refused. */
public final class Refusals {
  private Refusals() {}

  /**
   * That there is nothing to show to a registry.
   *
   * @param places where it was looked for
   * @param side whose settings it advises
   */
  static String missing(String registry, List<String> places, Side side) {
    return "no credentials for "
        + registry
        + (places.isEmpty() ? "" : ": looked in " + String.join(", ", places))
        + " (docker login, or "
        + side.mark(Setting.USERNAME)
        + " with "
        + side.mark(Setting.PASSWORD_STDIN)
        + ")";
  }

  /** That a host does not take a login, in one line. */
  static String ofLogin(String host, Credential credential, Side side) {
    return host + " refuses " + credential + "; " + remedy(credential, side);
  }

  /** One line, for the end of a message. */
  public static String remedy(Credential credential, Side side) {
    String check =
        "check the credentials (docker login, or "
            + side.mark(Setting.USERNAME)
            + " with "
            + side.mark(Setting.PASSWORD_STDIN)
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
