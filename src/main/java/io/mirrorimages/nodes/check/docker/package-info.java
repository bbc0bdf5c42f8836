/**
 * The {@code daemon.json} of Docker.
 *
 * <pre>
 *   daemon.json -> DaemonJson (a NodeReader)
 * </pre>
 */
@NullMarked
package io.mirrorimages.nodes.check.docker;

import org.jspecify.annotations.NullMarked;
