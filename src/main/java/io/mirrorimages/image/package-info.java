/**
 * The vocabulary: names, digests, platforms, descriptors and manifests. Immutable values without
 * I/O; this room knows {@code secret} only, which masks what messages quote. Everything that comes
 * from outside is checked here, where text becomes a type.
 */
@NullMarked
package io.mirrorimages.image;

import org.jspecify.annotations.NullMarked;
