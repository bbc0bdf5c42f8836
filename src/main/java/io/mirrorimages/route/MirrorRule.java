package io.mirrorimages.route;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import java.util.Optional;

/**
 * A mirror as it is given on the command line.
 *
 * @param registry whose images it has, or {@code *} for every registry without a mirror of its own
 * @param endpoint the mirror
 */
public record MirrorRule(String registry, Endpoint endpoint) {

  /**
   * Reads {@code docker.io=https://proxy.example.com} or {@code
   * docker.io=https://m.example.com/docker.io}. The path is what stands before an image's name
   * there, as in {@code m.example.com/docker.io/library/nginx}.
   *
   * @throws InvalidContentException with the reason, if it is anything else
   */
  public static MirrorRule parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw malformed(text, "it is of the form docker.io=https://proxy.example.com");
    }
    String registry = text.substring(0, equals);
    EndpointAddress address;
    try {
      registry = registry.equals("*") ? registry : Reference.checkRegistry(registry);
      address = EndpointAddress.parse(text.substring(equals + 1));
    } catch (InvalidContentException e) {
      throw malformed(
          text, text.indexOf('@') < 0 ? e.getMessage() : "what stands before = is no registry");
    } catch (IllegalArgumentException e) {
      throw malformed(text, "of the mirror's address: " + e.getMessage());
    }
    if (address.hasUser()) {
      throw new InvalidContentException(
          "the mirror at " + address.host() + " has a user in its address: use docker login");
    }
    String path = EndpointAddress.clean(address.path());
    String root = (path + "/").startsWith("/v2/") ? path : Endpoint.STANDARD_ROOT + path;
    return new MirrorRule(
        registry,
        Endpoint.mirror(
            address.scheme(), address.host(), root, Optional.empty(), Optional.empty()));
  }

  private static InvalidContentException malformed(String text, String why) {
    int at = text.lastIndexOf('@');
    String open = at < 0 ? text : "..." + text.substring(at);
    return new InvalidContentException("not a mirror: " + Text.quote(open) + ": " + why);
  }
}
