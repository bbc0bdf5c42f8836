/**
 * The events of a run as lines: for a console, for a log file, as text or as JSON. One event is one
 * line, but for the end, which has a few.
 *
 * <pre>
 *   RunEvent -- Console ---- EventText   a terminal, cron's mail
 *           |           |        `-- GroupedFailures   equal failures in one line
 *           |           `--- EventJson   one object a line
 *           |-- LogFile ---- either of them
 *           `-- ProgressEvents           sends how far the run is, from time to time
 * </pre>
 */
@NullMarked
package io.mirrorimages.report.line;

import org.jspecify.annotations.NullMarked;
