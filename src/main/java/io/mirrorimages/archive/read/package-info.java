/** Reads archives in place, by offset, also those of other tools; nothing is ever extracted. */
package io.mirrorimages.archive.read;
