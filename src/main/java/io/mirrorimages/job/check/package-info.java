/**
 * The use case behind {@code check}: asks what a node would ask, in its order, until something is
 * found, and compares digests.
 *
 * <pre>{@code
 * List<CheckedImage> checked =
 *     new CheckJob(resolutions, expected).run(registries);
 * }</pre>
 *
 * Called from {@code cli}.
 */
@NullMarked
package io.mirrorimages.job.check;

import org.jspecify.annotations.NullMarked;
