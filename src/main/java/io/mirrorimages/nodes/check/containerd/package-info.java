/**
 * containerd's own configuration: a tree of {@code hosts.toml} below {@code config_path}, and the
 * {@code config.toml} that names it and holds logins.
 *
 * <pre>
 *   config.toml         -> ContainerdFile
 *   certs.d/HOST/hosts.toml -> HostsFile -> CertsTree (a NodeReader)
 * </pre>
 */
@NullMarked
package io.mirrorimages.nodes.check.containerd;

import org.jspecify.annotations.NullMarked;
