/**
 * The client side of the OCI distribution protocol (distribution-spec 1.1): one {@link
 * io.mirrorimages.registry.Registries} for each side of a run, as a source or a target of images.
 * Hosts, headers and bodies of servers are claims here; what counts is hashed, and credentials go
 * only where they belong.
 *
 * <p>Its rooms, from the ground up: {@code rules}, {@code limit}, {@code http}, {@code auth},
 * {@code client}, and on that {@code upload} and {@code endpoint}. Imports run downwards.
 */
@NullMarked
package io.mirrorimages.registry;

import org.jspecify.annotations.NullMarked;
