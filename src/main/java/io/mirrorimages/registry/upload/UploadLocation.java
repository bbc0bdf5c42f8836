package io.mirrorimages.registry.upload;

import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.secret.Secrets;
import java.util.Optional;

/** Where an upload goes on (distribution-spec, "Pushing a blob monolithically"). */
final class UploadLocation {
  private UploadLocation() {}

  /**
   * The Location of an answer, byte for byte but for one thing: on the registry's own host its
   * scheme and port are kept, since registries behind proxies name those they see themselves.
   *
   * @param registry how the registry is reached
   * @throws IllegalArgumentException if it is no address
   */
  static Optional<Url> of(Response answer, Url registry) {
    return answer.header("Location").map(location -> of(location, answer.call().url(), registry));
  }

  static Url of(String location, Url request, Url registry) {
    Url url = request.resolve(location);
    Secrets.addQuery(url.target());
    return url.host().equals(registry.host()) ? url.on(registry) : url;
  }
}
