/**
 * An archive before its first byte: from a plan to volumes, and in each the place of everything.
 */
@NullMarked
package io.mirrorimages.archive.design;

import org.jspecify.annotations.NullMarked;
