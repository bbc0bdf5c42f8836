/**
 * What images are called at the target and on the nodes: pure functions of names, without I/O.
 *
 * <pre>{@code
 * Destination there = Destination.parse("harbor.example.com/mirror").with(Mapping.FLAT);
 * there.name(Reference.parse("quay.io/a/b:1"));  // harbor.example.com/mirror/a/b:1
 * }</pre>
 *
 * {@link io.mirrorimages.naming.NodeMirrors} writes the {@code registries.yaml} by which nodes find
 * the images under their original names. May be called from {@code job} and {@code cli}.
 */
@NullMarked
package io.mirrorimages.naming;

import org.jspecify.annotations.NullMarked;
