package io.mirrorimages.benchmark;

/**
 * What one run of a command took, with all processes it started and waited for.
 *
 * @param wall seconds
 * @param cpu seconds in user and system mode
 * @param memory peak resident set of the largest process, MB of 1024 x 1024
 * @param written bytes written to file systems, as far as they reach a disk
 */
record Measurement(double wall, double cpu, double memory, double written) {}
