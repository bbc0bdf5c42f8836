/**
 * Writes archives in place, by position and in parallel, and resumes those that an earlier run
 * left, by their journal.
 *
 * <pre>
 *   ArchiveWriter                 the caller closes it; finish() gives the files their names
 *     |-- RegionUpload            one blob in order; the engine closes it
 *     |    `-- RegionPlace        its parts, by position
 *     |-- BlobRegion              where a blob lies; its lock is held by the upload
 *     `-- ArchiveFiles            closes what it holds:
 *          |-- VolumeWriter       one file each
 *          |-- Journal            what has arrived, of a JournalPlan
 *          `-- Publication        the last step; EarlierBlobs are hashed before a first sum
 *   UnfinishedArchive             what an earlier run left; ArchiveWriter.resume takes it up
 * </pre>
 */
@NullMarked
package io.mirrorimages.archive.write;

import org.jspecify.annotations.NullMarked;
