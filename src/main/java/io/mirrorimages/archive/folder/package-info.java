/**
 * Writes OCI image layouts that are folders ({@code oci:DIR}), blob by blob, beside what is in them
 * already:
 *
 * <pre>
 * oci-layout
 * index.json               replaced as a whole, within a second after an image is whole
 * blobs/sha256/HEX         whole and hashed, or not there
 * incomplete/sha256-HEX    on its way; a later run continues it at its end
 * mirror-images.lock       while a run writes
 * </pre>
 *
 * {@link io.mirrorimages.archive.folder.LayoutFolder} is the target; {@code archive.read} reads
 * what it wrote. Called by the use cases only.
 */
@NullMarked
package io.mirrorimages.archive.folder;

import org.jspecify.annotations.NullMarked;
