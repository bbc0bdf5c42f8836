/**
 * The vocabulary: names, digests, platforms, descriptors and manifests. Immutable values without
 * I/O; this package knows no other package of the project. Everything that comes from outside is
 * checked here, where text becomes a type.
 */
@NullMarked
package io.mirrorimages.image;

import org.jspecify.annotations.NullMarked;
