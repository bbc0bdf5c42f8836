/**
 * What can go wrong, as data: the kind of a failure, its one-line message, whether another try can
 * help, and the policy of retries. Every room above may use it; it knows {@code image} only.
 */
@NullMarked
package io.mirrorimages.failure;

import org.jspecify.annotations.NullMarked;
