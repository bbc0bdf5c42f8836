/**
 * Streams of a blob's bytes: resumed after a broken connection, and verified against the digest as
 * they flow.
 */
package io.mirrorimages.mirror.stream;
