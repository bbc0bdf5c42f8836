/**
 * What a run that sends to a registry keeps on disk for the next one: which uploads are open, and
 * where each goes on. It is a claim like any other, and can be deleted at any time at the cost of
 * time only.
 */
@NullMarked
package io.mirrorimages.state;

import org.jspecify.annotations.NullMarked;
