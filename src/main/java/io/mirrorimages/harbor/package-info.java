/**
 * What Harbor needs beyond the OCI protocol: projects that have to be there before anything is
 * pushed, names that it refuses, rights it does not tell apart. Facts are from its source (v2.15).
 */
@NullMarked
package io.mirrorimages.harbor;

import org.jspecify.annotations.NullMarked;
