/** Hosts that do not answer: which requests wait for them, how long, and when a host is back. */
@NullMarked
package io.mirrorimages.registry.limit.outage;

import org.jspecify.annotations.NullMarked;
