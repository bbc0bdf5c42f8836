/**
 * The commands, made when they are needed: each parses its options, runs one job and prints the
 * outcome.
 */
@NullMarked
package io.mirrorimages.cli.command;

import org.jspecify.annotations.NullMarked;
