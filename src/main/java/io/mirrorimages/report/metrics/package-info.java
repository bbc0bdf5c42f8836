/**
 * Metrics of a run for Prometheus, by a file that the textfile collector of node_exporter reads;
 * described in {@code monitoring.md}.
 *
 * <pre>
 *   RunReport --+
 *               +-> MetricsText -> MetricFamily...  the new file
 *   EarlierSamples --+     the file that the run before has left
 * </pre>
 *
 * Used by {@code cli.output}.
 */
@NullMarked
package io.mirrorimages.report.metrics;

import org.jspecify.annotations.NullMarked;
