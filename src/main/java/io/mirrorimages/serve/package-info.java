/**
 * A read-only registry (OCI distribution-spec v1.1) straight from an archive, for clients that
 * pull.
 */
@NullMarked
package io.mirrorimages.serve;

import org.jspecify.annotations.NullMarked;
