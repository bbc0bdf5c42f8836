/**
 * The threads of a run, and work on many images that gives each of them one result.
 *
 * <pre>
 *   EachImage   BlobTasks -> Exclusive (one task per digest)
 *       |           |
 *       `-- TaskQueue -> Scheduler (the workers) -> RunningTask
 *                           `-- Lanes (the parts of one large blob)
 * </pre>
 *
 * Which lock guards what stands in {@code concurrency.md}. Used by the other rooms of {@code
 * mirror} and by {@code registry.limit}.
 */
@NullMarked
package io.mirrorimages.mirror.work;

import org.jspecify.annotations.NullMarked;
