/**
 * The {@code registries.conf} of CRI-O, Podman, Skopeo and Buildah, as the library containers/image
 * reads it.
 *
 * <pre>
 *   registries.conf -> RegistriesConf (a NodeReader)
 * </pre>
 */
@NullMarked
package io.mirrorimages.nodes.check.containers;

import org.jspecify.annotations.NullMarked;
