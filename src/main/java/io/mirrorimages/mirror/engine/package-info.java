/**
 * The two runs of the engine: {@link io.mirrorimages.mirror.engine.Mirror} plans and copies, {@link
 * io.mirrorimages.mirror.engine.Verifier} compares what a place has with what it should have.
 */
@NullMarked
package io.mirrorimages.mirror.engine;

import org.jspecify.annotations.NullMarked;
