/**
 * What a format makes of an archive: the files of an OCI image layout.
 *
 * <pre>
 *   ArchiveFormat      implemented once for each format
 *     `-- LayoutFiles  what read sees: names, sizes and bytes
 *           |          implemented in oci by what is a layout as it is
 *           `-- LayoutView   a layout made of something else: blobs lie where they are,
 *                            index.json and rebuilt manifests are in memory; ViewBuilder makes it
 * </pre>
 */
@NullMarked
package io.mirrorimages.archive.format.view;

import org.jspecify.annotations.NullMarked;
