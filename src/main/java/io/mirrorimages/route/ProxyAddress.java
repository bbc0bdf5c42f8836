package io.mirrorimages.route;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.route.EnvironmentProxy.Proxy;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code [http://][user:password@]host[:port][/]} as people write it: it need be no URI. The
 * last {@code @} ends the password, whatever is in it, and a percent sign that begins no escape is
 * one; names have underscores.
 */
final class ProxyAddress {
  private static final int USUAL_PORT = 80;
  private static final Pattern FORM =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:(.*)@)?"
              + "(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?(?:[/?#].*)?",
          Pattern.DOTALL);
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

  private ProxyAddress() {}

  /**
   * The proxy.
   *
   * @param variable which variable says so
   */
  static Proxy parse(String value, String variable) {
    Matcher form = FORM.matcher(value.strip());
    if (!form.matches()) {
      return unusable(variable, "is not of the form http://[user:password@]host[:port]");
    }
    String scheme = form.group(1) == null ? "http" : form.group(1).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http")) {
      return unusable(variable, "names a proxy of a kind that is not known here: only http:// is");
    }
    int port = form.group(5) == null ? USUAL_PORT : Integer.parseInt(form.group(5));
    if (port < 1 || port > 65535) {
      return unusable(variable, "has no port from 1 to 65535");
    }
    return new Proxy(
        form.group(3) == null ? form.group(4) : form.group(3),
        port,
        Optional.ofNullable(form.group(2)).map(ProxyAddress::credential));
  }

  private static Proxy unusable(String variable, String why) {
    return new Proxy(variable, 0, Optional.empty(), Optional.of(variable + " " + why));
  }

  private static Credential credential(String userInfo) {
    int colon = userInfo.indexOf(':');
    String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    return Credential.password(
        decode(user), colon < 0 ? "" : decode(userInfo.substring(colon + 1)));
  }

  private static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Matcher escape = ESCAPE.matcher(text);
    int done = 0;
    while (escape.find()) {
      bytes.writeBytes(text.substring(done, escape.start()).getBytes(StandardCharsets.UTF_8));
      bytes.write(Integer.parseInt(escape.group(1), 16));
      done = escape.end();
    }
    bytes.writeBytes(text.substring(done).getBytes(StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
