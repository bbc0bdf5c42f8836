/**
 * Zips of hangar: {@code ZipEntries} reads the directory of a zip, {@code HangarIndex} what hangar
 * says is in it, and {@code HangarView} makes a layout of both. Blobs are read where they lie.
 */
@NullMarked
package io.mirrorimages.archive.format.hangar;

import org.jspecify.annotations.NullMarked;
