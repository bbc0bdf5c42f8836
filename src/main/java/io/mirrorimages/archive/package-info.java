/**
 * The archive: an uncompressed tar that is an OCI image layout (OCI image-spec, image-layout.md).
 *
 * <p>{@link io.mirrorimages.archive.write.ArchiveWriter} lays the whole file out before the first
 * byte arrives and fills it in place; {@link io.mirrorimages.archive.read.ArchiveReader} reads it
 * in place. Nothing in a file is believed but hashes. Knows the engine's ports and the vocabulary,
 * no network.
 *
 * <p>Its rooms, from the ground up: {@code file}, {@code tar}, {@code layout}, {@code design},
 * {@code unpack} (what is compressed becomes a copy that is not) and {@code format} (which format a
 * file has, and where its bytes lie), and on them {@code write} and {@code read}, which do not know
 * each other. {@code folder} writes image layouts that are folders, which {@code read} reads too.
 * Imports run downwards.
 */
@NullMarked
package io.mirrorimages.archive;

import org.jspecify.annotations.NullMarked;
