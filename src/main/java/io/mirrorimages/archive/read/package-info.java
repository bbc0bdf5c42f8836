/**
 * Reads archives in place, by offset, also those of other tools; nothing is ever extracted.
 *
 * <pre>
 *   ArchiveReader                 the caller closes it, and by that all volumes
 *     `-- VolumeSet -- ArchiveVolume   one file or folder
 *          |-- LayoutFiles        names and bytes, whatever the format: the room format
 *          `-- LayoutScan         what they hold, checked: index.json, a DockerManifest beside it
 *   ContentWalk                   all manifests of an image: InventoryBuilder, Inspection
 * </pre>
 *
 * Streams read a region of a file that stays open; closing one closes no file.
 */
@NullMarked
package io.mirrorimages.archive.read;

import org.jspecify.annotations.NullMarked;
