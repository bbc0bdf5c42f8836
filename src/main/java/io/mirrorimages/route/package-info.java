/**
 * How a registry is reached, before any protocol is spoken: which mirrors stand before it, as a
 * {@code registries.yaml} or the command line say, and which proxy stands in between. Reads files
 * and the environment; makes no connection. Called by {@code registry}, {@code doctor}, {@code
 * naming} and {@code cli}.
 */
@NullMarked
package io.mirrorimages.route;

import org.jspecify.annotations.NullMarked;
