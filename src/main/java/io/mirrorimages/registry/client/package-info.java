/**
 * One registry, or one endpoint that stands in for it: every request passes its limits, gets its
 * token and is retried here. What is read from it is here too; what is sent to it is in {@code
 * upload}.
 */
@NullMarked
package io.mirrorimages.registry.client;

import org.jspecify.annotations.NullMarked;
