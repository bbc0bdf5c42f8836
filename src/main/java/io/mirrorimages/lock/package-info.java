/**
 * Keeps two runs from working on the same thing, and tells the second one which process the first
 * is.
 */
@NullMarked
package io.mirrorimages.lock;

import org.jspecify.annotations.NullMarked;
