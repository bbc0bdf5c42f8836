/**
 * Files that a run writes beside its output: opened, replaced and removed so that nothing which
 * somebody else put under their names is followed, waited for or lost.
 */
@NullMarked
package io.mirrorimages.disk;

import org.jspecify.annotations.NullMarked;
