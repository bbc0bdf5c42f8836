/**
 * What the target has already, asked with as few requests as possible, and what the source does not
 * have of an image.
 *
 * <pre>
 *   BlobExistenceCheck (asks before the transfer) -> BlobPresenceCache (what is known)
 * </pre>
 *
 * Called by {@code mirror.engine} and {@code mirror.transfer}.
 */
@NullMarked
package io.mirrorimages.mirror.presence;

import org.jspecify.annotations.NullMarked;
