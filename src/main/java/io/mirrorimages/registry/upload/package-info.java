/**
 * Blobs on their way into a registry (distribution-spec, "Push"): by mounts, by one PUT, or in
 * chunks that a later run can go on with.
 */
@NullMarked
package io.mirrorimages.registry.upload;

import org.jspecify.annotations.NullMarked;
