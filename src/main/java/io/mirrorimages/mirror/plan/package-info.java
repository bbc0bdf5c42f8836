/**
 * Requests become a plan: tags are resolved, indexes expanded, platforms filtered, manifests pinned
 * by digest, counted pulls foreseen.
 *
 * <pre>
 *   Planning -> Planner -> NearManifests (each manifest fetched once)
 *      |           `-- PlatformSelection
 *      `-- PullCount -> PullForecast
 * </pre>
 *
 * Called by {@code mirror.engine}.
 */
package io.mirrorimages.mirror.plan;
