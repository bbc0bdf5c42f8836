/**
 * Requests become a plan: tags are resolved, indexes expanded, platforms filtered, manifests pinned
 * by digest, counted pulls foreseen.
 *
 * <pre>
 *   SourceCheck (each source host once, before its images)
 *   Planning (in steps, the images of each host by themselves)
 *      |-- Planner -> ManifestCache (each manifest fetched once)
 *      |      `-- PlatformSelection
 *      `-- PullCount -> PullForecast
 *   BlobSizes (contradictions between planned images)
 * </pre>
 *
 * Called by {@code mirror.engine}.
 */
@NullMarked
package io.mirrorimages.mirror.plan;

import org.jspecify.annotations.NullMarked;
