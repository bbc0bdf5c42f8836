/**
 * Files as an archive needs them: read and written by position, locked, partial until they are
 * finished, on the disk when it is said so; or cut into parts by other tools ({@code FileParts}).
 * Nothing here knows what is in them.
 */
@NullMarked
package io.mirrorimages.archive.file;

import org.jspecify.annotations.NullMarked;
