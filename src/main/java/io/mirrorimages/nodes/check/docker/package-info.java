/**
 * The {@code daemon.json} of Docker.
 *
 * <pre>
 *   daemon.json -> DaemonFile (text to values with lines, DaemonKeys) -> DaemonSettings
 *     -> DaemonJson -> ClassicStore, ContainerdStore (each a NodeReader)
 * </pre>
 */
@NullMarked
package io.mirrorimages.nodes.check.docker;

import org.jspecify.annotations.NullMarked;
