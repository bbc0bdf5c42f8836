/**
 * What a node makes of its configuration, without asking anything: which URLs each reader of the
 * configuration asks for an image, in which order, with which login and certificates, and what in
 * the files has another effect than it seems. A room below this one reads the files of one system.
 *
 * <pre>
 *   k3s  containerd  containers  docker     one room for each system's files
 *    |
 *   NodeReader   Reference -> Resolution = each NodeAttempt in its order
 *   FindingLog   each ConfigFinding with file and line
 * </pre>
 *
 * Pure functions of files; called from {@code job} and {@code cli}.
 */
@NullMarked
package io.mirrorimages.nodes.check;

import org.jspecify.annotations.NullMarked;
