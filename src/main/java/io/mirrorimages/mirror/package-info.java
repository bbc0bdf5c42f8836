/**
 * The engine as its callers see it: ports ({@link io.mirrorimages.mirror.ImageSource}, {@link
 * io.mirrorimages.mirror.ImageTarget}), requests, options, plans, results and the listener. The
 * rooms below do the work:
 *
 * <pre>
 *   engine     Mirror (plan, then copy) and Verifier
 *    |-- plan      requests -> plan: resolve, expand, pin, filter
 *    |-- presence  what the target has already
 *    `-- transfer  blobs from source to target, each digest once
 *         |-- stream  verified and resumed blob streams
 *         `-- work    the threads of a run
 * </pre>
 *
 * <p>Knows nothing of HTTP, tar or the screen. Called by {@code cli}; implemented by {@code
 * registry} and {@code archive}.
 */
@NullMarked
package io.mirrorimages.mirror;

import org.jspecify.annotations.NullMarked;
