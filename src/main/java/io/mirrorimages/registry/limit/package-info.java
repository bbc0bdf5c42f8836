/**
 * How much a host is asked: requests, bytes and manifests in a time, how many at once, and pauses
 * when it is in trouble. Everything here makes requests wait; nothing makes any.
 */
@NullMarked
package io.mirrorimages.registry.limit;

import org.jspecify.annotations.NullMarked;
