/**
 * CRI-O and Podman: systems that read {@code registries.conf} of the containers/image library. A
 * repository can get a place of its own there, since the longest prefix of a name decides.
 */
@NullMarked
package io.mirrorimages.nodes.containers;

import org.jspecify.annotations.NullMarked;
