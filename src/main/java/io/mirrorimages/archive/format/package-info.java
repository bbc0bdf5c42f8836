/**
 * The formats of archives that can be read, found by content and not by name. Whatever the format,
 * what comes out is a view as an OCI image layout: the names of its files, and where their bytes
 * lie. {@code read} and all above it know of nothing else.
 *
 * <pre>
 *   ArchiveFormats.open(place, content, work folder)
 *     |-- source.ArchiveSource  the file or folder, open: its kind, the entries of a tar (read once)
 *     |-- view.ArchiveFormat    each format is asked: "is this yours?"
 *     |     |-- oci           OCI image layouts, in a tar (ours too, each volume), in a folder of
 *     |     |                 a tar (zarf, kubean), or a folder
 *     |     |-- docker        tars of docker save, podman save, skopeo docker-archive:, crane
 *     |     |-- imgpkg        tars of imgpkg
 *     |     |-- distribution  the file system of registry:2, in a folder or a tar
 *     |     |-- tree          image trees of talos and kubekey, in a folder or a tar
 *     |     |-- hangar        zips of hangar
 *     |     `-- skopeo        skopeo's dir: and skopeo sync, in a folder or a tar
 *     `-- view.LayoutFiles      the answer
 * </pre>
 *
 * A new format is a class that implements {@code ArchiveFormat}, in the room of its family, and a
 * line in {@code ArchiveFormats}. It says where bytes lie; what is in them is checked by {@code
 * read} as in any other layout. Only {@code read} may call this room and those in it.
 */
@NullMarked
package io.mirrorimages.archive.format;

import org.jspecify.annotations.NullMarked;
