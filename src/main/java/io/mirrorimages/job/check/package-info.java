/**
 * The use case behind {@code check}: asks what a node would ask, in its order, until something is
 * found, and compares digests.
 *
 * <pre>{@code
 * try (CheckJob job = new CheckJob(expected, patience, listener)) {
 *   List<CheckedImage> checked = job.run(resolutions, registries, findings);
 * }
 * }</pre>
 *
 * Called from {@code cli}.
 */
@NullMarked
package io.mirrorimages.job.check;

import org.jspecify.annotations.NullMarked;
