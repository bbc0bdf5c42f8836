package io.mirrorimages.registry;

/**
 * What holds the requests to one registry, or one endpoint of it, up.
 *
 * @param gate how many at once and in a time, and pauses when it is in trouble
 * @param traffic how many bytes
 * @param quota how many manifests it still gives
 * @param others whether others are asked when it gives no more
 */
record Limits(HostGate gate, Traffic traffic, PullQuota quota, boolean others) {}
