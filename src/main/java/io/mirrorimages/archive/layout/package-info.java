/**
 * The JSON files of an archive, and the names in it (OCI image-spec, image-layout.md; {@code docker
 * save}'s {@code manifest.json}; the inventory, which is our own).
 */
@NullMarked
package io.mirrorimages.archive.layout;

import org.jspecify.annotations.NullMarked;
