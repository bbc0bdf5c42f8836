/** Keeps two runs from working on the same thing, and says to the second who the first is. */
@NullMarked
package io.mirrorimages.lock;

import org.jspecify.annotations.NullMarked;
