package io.mirrorimages.route;

import io.mirrorimages.image.DockerHub;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An endpoint as it stands in a file or on the command line, brought to the form K3s gives it.
 *
 * @param scheme lower case; https where none was written, and http on loopback with a port of its
 *     own
 * @param host with its port as written; {@code registry-1.docker.io} for {@code docker.io}
 * @param path {@code /v2}, or the API's root as it was written
 * @param hasUser whether it has a user in it, which is not used
 * @param key what makes it the same as another one
 */
public record EndpointAddress(
    String scheme, String host, String path, boolean hasUser, String key) {

  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]*):)?//(?:([^/?#@]*)@)?"
              + "([^/?#@:\\[\\]\\s<>\"\\\\^`{}|%]*|\\[[0-9A-Fa-f:.]+])(:[0-9]{0,5})?"
              + "(/[^?#\\s]*)?(\\?[^#]*)?(#.*)?");

  /** Reads an address; {@link IllegalArgumentException} with the reason if it can't be used. */
  public static EndpointAddress parse(String text) {
    Matcher parts = ADDRESS.matcher(text.contains("://") ? text : "//" + text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("it is no address");
    }
    if (parts.group(3).isEmpty()) {
      throw new IllegalArgumentException("it has no host");
    }
    String port = parts.group(4) == null || parts.group(4).equals(":") ? "" : parts.group(4);
    if (!port.isEmpty() && Integer.parseInt(port.substring(1)) > 65535) {
      throw new IllegalArgumentException("its port is none");
    }
    String host = DockerHub.serverOf(parts.group(3) + port);
    String scheme =
        parts.group(1) == null
            ? schemeOf(parts.group(3), port)
            : parts.group(1).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException("it is neither https nor http");
    }
    String path = parts.group(5) == null ? "" : parts.group(5);
    String root = path.isEmpty() || path.equals("/") ? Endpoint.STANDARD_ROOT : path;
    String user = parts.group(2) == null ? "" : parts.group(2) + "@";
    String tail =
        (parts.group(6) == null ? "" : parts.group(6))
            + (parts.group(7) == null ? "" : parts.group(7));
    return new EndpointAddress(
        scheme, host, root, parts.group(2) != null, scheme + "://" + user + host + root + tail);
  }

  private static String schemeOf(String host, String port) {
    boolean odd = port.length() > 1 && !port.equals(":443");
    return Loopback.covers(host) && odd ? "http" : "https";
  }

  /** A path without empty components, dots, and a slash at its end. */
  public static String clean(String path) {
    java.util.ArrayDeque<String> components = new java.util.ArrayDeque<>();
    for (String component : path.split("/")) {
      if (component.equals("..")) {
        components.pollLast();
      } else if (!component.isEmpty() && !component.equals(".")) {
        components.addLast(component);
      }
    }
    return "/" + String.join("/", components);
  }
}
