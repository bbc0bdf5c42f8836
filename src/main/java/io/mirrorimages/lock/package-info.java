/** Keeps two runs from working on the same thing, and says to the second who the first is. */
package io.mirrorimages.lock;
