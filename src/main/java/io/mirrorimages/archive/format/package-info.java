/**
 * The formats of archives that can be read, found by content and not by name: one class per format
 * behind {@link io.mirrorimages.archive.format.ArchiveFormat}. Whatever the format, what comes out
 * is a view as an OCI image layout: the names of its files, and where their bytes lie. {@code read}
 * and all above it know of nothing else.
 *
 * <pre>
 *   ArchiveFormats.open(place, work folder)
 *     |-- ArchiveSource        the file or folder, open: its kind, the entries of a tar (read once)
 *     |-- ArchiveFormat        asked one after the other: "is this yours?"
 *     |     |-- OciTarFormat         a tar that is an OCI image layout; ours too, each volume by itself
 *     |     |-- DockerArchiveFormat  a tar of docker save, podman save, skopeo docker-archive:, crane
 *     |     |     `-- DockerView     its images with rebuilt manifests; DockerFiles, DockerLayers
 *     |     |-- RegistryFolderFormat the file system of registry:2, in a folder or a tar
 *     |     |-- SkopeoDirFormat      skopeo's dir: and skopeo sync, in a folder or a tar
 *     |     `-- OciFolderFormat      a folder that is an OCI image layout
 *     `-- LayoutFiles          the answer
 *           |-- TarFiles, FolderFiles   a layout as it is
 *           `-- LayoutView              a layout made of something else: blobs lie where they are
 *                                       (StoredContent), index.json and rebuilt manifests in memory
 * </pre>
 *
 * A new format is a class that implements {@code ArchiveFormat}, and a line in {@code
 * ArchiveFormats}. It says where bytes lie; what is in them is checked by {@code read} as in any
 * other layout. Only {@code read} may call this room.
 */
@NullMarked
package io.mirrorimages.archive.format;

import org.jspecify.annotations.NullMarked;
