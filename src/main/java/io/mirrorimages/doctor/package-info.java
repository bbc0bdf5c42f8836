/**
 * Finds out before a transfer what would stop it: one check for each thing that can be wrong at a
 * registry or before it, with a remedy for each. Leaves nothing behind there.
 */
package io.mirrorimages.doctor;
