/**
 * What is in archives and lists, as facts for people and programs; blobs are not hashed, nothing is
 * written.
 *
 * <pre>
 *   ArchiveFacts   the files, ids, bases and sizes of an archive
 *   ImageLookup    the image that a user names in short
 *   ContentTree    index -> manifests -> configs, layers of an image
 *   Referrers      what names an image of the archive as its subject
 *   ImageSet       the images of lists and archives, and what differs between two
 * </pre>
 */
@NullMarked
package io.mirrorimages.job.inspect;

import org.jspecify.annotations.NullMarked;
