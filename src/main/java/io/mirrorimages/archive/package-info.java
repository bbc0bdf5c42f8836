/**
 * The archive: an uncompressed tar that is an OCI image layout (OCI image-spec, image-layout.md).
 *
 * <p>{@link io.mirrorimages.archive.ArchiveWriter} lays the whole file out before the first byte
 * arrives and fills it in place, by position and in parallel; {@link
 * io.mirrorimages.archive.ArchiveReader} reads it in place, by offset. Nothing is ever extracted,
 * and nothing in a file is believed but hashes. Knows the engine's ports and the vocabulary, no
 * network.
 */
package io.mirrorimages.archive;
