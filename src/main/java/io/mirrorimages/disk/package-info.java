/**
 * Files that a run writes beside its output: opened, replaced and removed so that nothing which
 * somebody else put under their names is followed, waited for or lost.
 */
package io.mirrorimages.disk;
