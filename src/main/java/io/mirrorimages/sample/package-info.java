/**
 * A small, fixed set of images held in memory: for a rehearsal before hundreds of gigabytes are
 * carried, and for tests. Every shape a registry can meet is among them; their bytes are the same
 * on every machine.
 */
@NullMarked
package io.mirrorimages.sample;

import org.jspecify.annotations.NullMarked;
