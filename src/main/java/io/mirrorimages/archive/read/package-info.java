/** Reads archives in place, by offset, also those of other tools; nothing is ever extracted. */
@NullMarked
package io.mirrorimages.archive.read;

import org.jspecify.annotations.NullMarked;
