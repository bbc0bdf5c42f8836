/**
 * Measures the built tool beside its peers, between two registries on this machine: {@code
 * scripts/benchmark}.
 */
package io.mirrorimages.benchmark;
