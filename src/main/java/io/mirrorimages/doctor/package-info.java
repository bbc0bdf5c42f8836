/**
 * Finds out before a transfer what would stop it: one check for each thing that can be wrong at a
 * registry or before it, with a remedy for each. Leaves nothing behind there.
 */
@NullMarked
package io.mirrorimages.doctor;

import org.jspecify.annotations.NullMarked;
