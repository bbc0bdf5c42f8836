/**
 * How a registry is reached, before any protocol is spoken: which mirrors stand before it, as a
 * {@code registries.yaml} or the command line say, which credentials belong to a repository, which
 * certificates are trusted and shown, and which proxy stands in between. Reads files and the
 * environment; makes no connection.
 */
@NullMarked
package io.mirrorimages.route;

import org.jspecify.annotations.NullMarked;
