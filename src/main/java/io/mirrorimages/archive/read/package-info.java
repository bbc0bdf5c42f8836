/**
 * Reads archives in place, by offset, also those of other tools; nothing is ever extracted. *
 *
 * <pre>
 *   ArchiveReader                 the caller closes it, and by that all volumes
 *     `-- VolumeSet -- ArchiveVolume   one file or folder
 *          `-- LayoutFiles        entries by name: TarFiles (an ArchiveFile), FolderFiles
 *               `-- LayoutScan    index.json, or a DockerManifest of docker save
 *   ContentWalk                   all manifests of an image: InventoryBuilder, Inspection
 * </pre>
 *
 * Streams read a region of a file that stays open; closing one closes no file.
 */
@NullMarked
package io.mirrorimages.archive.read;

import org.jspecify.annotations.NullMarked;
