/**
 * The commands: options in, one use case called, exit code out. The only place that wires the other
 * packages together.
 */
package io.mirrorimages.cli;
