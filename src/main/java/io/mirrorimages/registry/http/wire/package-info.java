/**
 * The bytes of one exchange on a connection: how long a silence may last, what notices it, what a
 * connection that closes in silence means, and how much one carries. Lies below requests and
 * responses and knows neither.
 */
@NullMarked
package io.mirrorimages.registry.http.wire;

import org.jspecify.annotations.NullMarked;
