/**
 * What images are called at the target and on the nodes: pure functions of names, without I/O.
 *
 * <pre>{@code
 * Destination there = Destination.parse("harbor.example.com/mirror").with(Mapping.FLAT);
 * there.name(Reference.parse("quay.io/a/b:1"));  // harbor.example.com/mirror/a/b:1
 * }</pre>
 *
 * May be called from {@code job}, {@code nodes} and {@code cli}.
 */
@NullMarked
package io.mirrorimages.naming;

import org.jspecify.annotations.NullMarked;
