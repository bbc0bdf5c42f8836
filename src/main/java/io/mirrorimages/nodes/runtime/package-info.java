/**
 * Container runtimes: containerd with its {@code hosts.toml} files, which others read too, and what
 * stands above or below it.
 */
@NullMarked
package io.mirrorimages.nodes.runtime;

import org.jspecify.annotations.NullMarked;
