/**
 * Configuration by which the systems that run containers pull images from a private registry under
 * their original names: consistent with what {@code load} calls them there. Pure functions of names
 * and paths; only {@link io.mirrorimages.nodes.ConfigurationFolder} writes files.
 *
 * <pre>
 * NodeSetup ──mirrors()──> NodeMirror           where one registry's images are at the target
 *     │
 * NodeSystem.configure ──> NodeConfiguration    NodeFile, steps, remarks
 *                              ├── ConfigurationText      for people
 *                              └── ConfigurationFolder    as a tree of files
 * </pre>
 *
 * A kind of system is one class that implements {@link io.mirrorimages.nodes.NodeSystem}, in the
 * room of its family, and one line in the table of the room {@code system}. Called by {@code cli}.
 */
@NullMarked
package io.mirrorimages.nodes;

import org.jspecify.annotations.NullMarked;
