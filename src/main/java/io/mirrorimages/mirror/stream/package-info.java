/**
 * Streams of a blob's bytes: resumed after a broken connection or a pause of the source, and
 * verified against the digest as they flow. From the socket to the target:
 *
 * <pre>
 *   socket
 *     Traffic.Metered     counts the bytes against the registry's budget, keeps the side's pace
 *     client.BlobStream   one response: its exact length; releases the connection before a long wait;
 *                         endpoint.EndpointOutcome remembers how the endpoint served it
 *     ResumingStream      decides to reopen, at the byte where the last stream stopped: after a failure
 *                         as the retry policy says, after a pause at once; reports each byte read
 *     VerifyingStream     the blob's length and digest
 *   BlobUpload, or RandomAccessBlob for ranges (RangeDownload, ReassembledStream)
 * </pre>
 *
 * <p>Only ResumingStream opens a stream again. Which endpoint then sends the rest is chosen by
 * {@code registry.endpoint}, whose order of endpoints knows which of them broke off, and whose
 * failover passes over one whose limits want a long wait. A source that is no registry gives any
 * stream.
 */
@NullMarked
package io.mirrorimages.mirror.stream;

import org.jspecify.annotations.NullMarked;
