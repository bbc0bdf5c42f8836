/**
 * Blobs from source to target: each digest is read once and sent once, and mounted everywhere else.
 *
 * <pre>
 *   BlobCopier (one lock per digest) -> BlobTransfer -> ResumingStream -> VerifyingStream -> upload
 *                                          `-- ParallelDownload -> RangeDownload (large blobs, in ranges)
 * </pre>
 *
 * Called by {@code mirror.engine}.
 */
@NullMarked
package io.mirrorimages.mirror.transfer;

import org.jspecify.annotations.NullMarked;
