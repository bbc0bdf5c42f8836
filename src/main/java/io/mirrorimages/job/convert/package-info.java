/**
 * Images of which several archives have a platform each, as one image of all:
 *
 * <pre>
 *   PlatformJoin      a source of the images of an ArchiveReader, some of them joined
 *     `-- JoinedImage   one of them: its new index, and what it is made of
 * </pre>
 *
 * A conversion is a save or a load from that source, or from the archives themselves.
 */
@NullMarked
package io.mirrorimages.job.convert;

import org.jspecify.annotations.NullMarked;
