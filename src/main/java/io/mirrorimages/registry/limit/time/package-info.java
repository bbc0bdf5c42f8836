/**
 * Time as the limits see it: a monotonic timer, rates per window and per second, and notices of
 * long waits. The other rooms of the limits build on it.
 */
@NullMarked
package io.mirrorimages.registry.limit.time;

import org.jspecify.annotations.NullMarked;
