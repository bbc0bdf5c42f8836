/**
 * Compressed archives: each is unpacked once, into a copy beside it or in a work folder, which is
 * read in place as any other archive.
 *
 * <pre>
 *   Unpacker.open(file)            empty if the file is not compressed
 *     |-- Compression              gzip, zstd, xz: found by content, streamed by a library
 *     |-- CopyName                 NAME.unpacked-HEX; HEX tells which bytes it was made of
 *     |-- CopyLock                 one run makes it, any number of runs read it
 *     `-- UnpackedCopy             the caller closes it; discard() also deletes it
 * </pre>
 *
 * A copy has its name only when it is whole and on the disk; before, it is {@code .partial}, and a
 * later run makes it again. A later run with the same file uses the copy that is there.
 */
@NullMarked
package io.mirrorimages.archive.unpack;

import org.jspecify.annotations.NullMarked;
