/**
 * Blobs from source to target: each digest is read once and sent once, and mounted everywhere else.
 *
 * <pre>
 *   BlobCopier -> BlobTransfer -> ResumingStream -> VerifyingStream -> BlobUpload
 *                    `-- ParallelDownload -> RangeDownload (large blobs, in ranges)
 * </pre>
 *
 * The caller sees to it that one task at a time works on a digest ({@code mirror.work}). Called by
 * {@code mirror.engine}.
 */
@NullMarked
package io.mirrorimages.mirror.transfer;

import org.jspecify.annotations.NullMarked;
