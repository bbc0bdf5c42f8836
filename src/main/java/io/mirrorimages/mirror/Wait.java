package io.mirrorimages.mirror;

import java.time.Duration;

/**
 * A wait that is long enough for the user to be told of it.
 *
 * @param registry whose limit is waited for, as in image names
 * @param cause what is used up, in words
 * @param time how long it lasts at most
 */
public record Wait(String registry, String cause, Duration time) {}
