/** The threads of a run, and work on many images that gives each of them one result. */
@NullMarked
package io.mirrorimages.mirror.work;

import org.jspecify.annotations.NullMarked;
