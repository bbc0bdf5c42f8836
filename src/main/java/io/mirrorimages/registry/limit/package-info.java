/**
 * How much a host is asked: requests, bytes and manifests in a time, how many at once, and pauses
 * when it is in trouble. Everything here makes requests wait; nothing sends any.
 *
 * <pre>
 *   limit
 *    |-- outage/  hosts that do not answer
 *    |-- pull/    manifests that a registry still serves
 *    `-- time/    the timer, rates, notices of waits; below both
 * </pre>
 */
@NullMarked
package io.mirrorimages.registry.limit;

import org.jspecify.annotations.NullMarked;
