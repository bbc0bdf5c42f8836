/**
 * What a run says of itself: one stream of {@link io.mirrorimages.mirror.event.RunEvent}, heard by
 * the console, the report and the debug log. Nothing in the engine prints.
 */
@NullMarked
package io.mirrorimages.mirror.event;

import org.jspecify.annotations.NullMarked;
