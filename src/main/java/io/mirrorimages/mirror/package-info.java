/**
 * The engine as its callers see it: requests, options, plans and results here; what it needs from
 * both ends in {@code port}, what it reports in {@code event}. The other rooms do the work:
 *
 * <pre>
 *   engine        Mirror (plan, then copy) and Verifier
 *    |-- plan       requests -> plan: resolve, expand, pin, filter
 *    `-- transfer   blobs from source to target, each digest once
 *         `-- presence   what the target has already
 *   stream        verified and resumed blob streams      used by the rooms above
 *   work          the threads of a run                   used by the rooms above
 *   event         RunEvent, RunListener
 *   port          ImageSource, ImageTarget and their abilities
 * </pre>
 *
 * <p>Knows nothing of HTTP, tar or the screen. {@code job} runs it; {@code registry}, {@code
 * archive} and {@code sample} implement its ports.
 */
@NullMarked
package io.mirrorimages.mirror;

import org.jspecify.annotations.NullMarked;
