/**
 * Streams of a blob's bytes: resumed after a broken connection, and verified against the digest as
 * they flow.
 */
@NullMarked
package io.mirrorimages.mirror.stream;

import org.jspecify.annotations.NullMarked;
