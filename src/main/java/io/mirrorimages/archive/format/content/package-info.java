/** Where the bytes of a file of an archive lie, and streams of them. Used by the formats only. */
@NullMarked
package io.mirrorimages.archive.format.content;

import org.jspecify.annotations.NullMarked;
