/**
 * What a run prints and leaves behind, as its options say: console, log file, debug log, report,
 * and the list of what is not done. Opened before the command runs, closed after it.
 */
@NullMarked
package io.mirrorimages.cli.output;

import org.jspecify.annotations.NullMarked;
