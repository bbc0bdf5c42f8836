package io.mirrorimages.mirror.port;

import java.io.InputStream;

/**
 * Bytes of a blob that a source sends, not yet verified. Whoever gets one closes the content.
 *
 * @param content the bytes
 * @param end the byte of the blob behind the last that is sent: where the part that was asked for
 *     ends, or the blob's size, if the source sends all of it instead
 */
public record BlobPart(InputStream content, long end) {}
