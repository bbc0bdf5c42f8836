package io.mirrorimages.registry.endpoint;

import io.mirrorimages.credential.Credentials;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.route.Routes;

/**
 * How a side's images are fetched from other places than their registries.
 *
 * @param routes the places
 * @param credentials for mirrors that the routes name none for, by the mirror's own host; those of
 *     the registries themselves are never shown to a mirror, nor the other way round
 * @param resolve which endpoint is asked for a tag's digest
 * @param listener receives hints, and the endpoints that are skipped
 */
public record Routing(
    Routes routes, Credentials credentials, Resolve resolve, RunListener listener) {
  /** Every registry is asked itself. */
  public static final Routing DIRECT =
      new Routing(Routes.direct(), Credentials.none(), Resolve.ORIGIN, RunListener.NONE);
}
