/**
 * The {@code registries.conf} of CRI-O, Podman, Skopeo and Buildah, as the library containers/image
 * reads it.
 *
 * <pre>
 *   registries.conf, registries.conf.d/*.conf
 *     -> RegistriesConfFile (text to values with lines) -> ContainersRegistries (merged)
 *     -> RegistriesConf (a NodeReader), RegistriesConfLint (findings)
 * </pre>
 */
@NullMarked
package io.mirrorimages.nodes.check.containers;

import org.jspecify.annotations.NullMarked;
