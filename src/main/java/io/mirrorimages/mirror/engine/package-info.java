/**
 * The two runs of the engine: {@link io.mirrorimages.mirror.engine.Mirror} plans and copies, {@link
 * io.mirrorimages.mirror.engine.Verifier} compares what a place has with what it should have.
 *
 * <pre>
 *   Mirror.copy -> CopyInParts: all images at once, or those whose registries answer first
 *      |-- SourceCheck, Planning   registries that can be used -> planned images (room plan)
 *      |-- TransferPlanner         planned images -> a part of the plan, compared with the target
 *      `-- CopyRun -> ImageCopy    copies all parts together
 * </pre>
 */
@NullMarked
package io.mirrorimages.mirror.engine;

import org.jspecify.annotations.NullMarked;
