/**
 * The fault harness: lines that break in every way between the tool and real registries, a killer,
 * and what must hold nevertheless. All of it comes from a seed.
 */
package io.mirrorimages.torture;
