/**
 * What a person or a monitor sees of a run. Everything here listens to the events of the engine and
 * the jobs; nothing decides.
 *
 * <pre>
 *   RunEvent -> Listeners -- line.Console, live.LiveView   the console
 *                        |-- line.LogFile            a log, as text or JSON
 *                        `-- RunRecorder -> RunReport -> ReportFormat (JsonReport, metrics.MetricsText)
 *                                             |             |
 *                                         OutcomeFiles: the report, the metrics, and the list of what is not done
 * </pre>
 */
@NullMarked
package io.mirrorimages.report;

import org.jspecify.annotations.NullMarked;
