/**
 * How much a host is asked: requests, bytes and manifests in a time, how many at once, and pauses
 * when it is in trouble. Everything here makes requests wait; nothing makes any.
 */
package io.mirrorimages.registry.limit;
