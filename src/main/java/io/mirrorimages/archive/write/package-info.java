/**
 * Writes archives in place, by position and in parallel, and resumes those that an earlier run
 * left, by their journal.
 */
@NullMarked
package io.mirrorimages.archive.write;

import org.jspecify.annotations.NullMarked;
