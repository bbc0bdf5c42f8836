/**
 * Requests become a plan: tags are resolved, indexes expanded, platforms filtered, manifests pinned
 * by digest, counted pulls foreseen.
 *
 * <pre>
 *   Planning -> Planner -> ManifestCache (each manifest fetched once)
 *      |           `-- PlatformSelection
 *      `-- PullCount -> PullForecast
 * </pre>
 *
 * Called by {@code mirror.engine}.
 */
@NullMarked
package io.mirrorimages.mirror.plan;

import org.jspecify.annotations.NullMarked;
