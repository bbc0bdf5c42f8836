/**
 * The data of a registry of the Distribution project: its file system, from which images are read
 * by tag.
 */
@NullMarked
package io.mirrorimages.archive.format.distribution;

import org.jspecify.annotations.NullMarked;
