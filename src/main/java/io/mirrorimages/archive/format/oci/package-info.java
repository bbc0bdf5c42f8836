/**
 * OCI image layouts (OCI image-spec, image-layout.md), which need no view: {@code TarFiles} and
 * {@code FolderFiles} show them as they are.
 */
@NullMarked
package io.mirrorimages.archive.format.oci;

import org.jspecify.annotations.NullMarked;
