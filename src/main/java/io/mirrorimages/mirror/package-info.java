/**
 * The engine as its callers see it: requests, options, plans and results here; what it needs from
 * both ends in {@code port}, what it reports in {@code event}. The other rooms do the work:
 *
 * <pre>
 *   engine     Mirror (plan, then copy) and Verifier
 *    |-- plan      requests -> plan: resolve, expand, pin, filter
 *    |-- presence  what the target has already
 *    `-- transfer  blobs from source to target, each digest once
 *         |-- stream  verified and resumed blob streams
 *         `-- work    the threads of a run
 *   event      RunEvent, RunListener
 *   port       ImageSource, ImageTarget and their abilities
 * </pre>
 *
 * <p>Knows nothing of HTTP, tar or the screen. Called by {@code job}.
 */
@NullMarked
package io.mirrorimages.mirror;

import org.jspecify.annotations.NullMarked;
