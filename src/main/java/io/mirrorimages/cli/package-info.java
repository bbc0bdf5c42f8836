/**
 * The command line: {@code Main} and {@code Cli}, which picks the command and turns errors into
 * lines and exit codes. {@code HelpLayout} puts the help into groups, {@code UsageErrors} says what
 * is wrong with a command line, {@code OtherNames} what other tools call our options.
 *
 * <pre>
 *   cli ── command/  options in, one job run, its outcome printed
 *            └── option/   what options mean: groups of options; value: texts to values
 *                  └── output/   what a run prints and leaves behind
 *                        └── process/  signals, exit codes, memory, standard input
 * </pre>
 *
 * The only room that names options. What is printed comes from here and from {@code report}.
 */
@NullMarked
package io.mirrorimages.cli;

import org.jspecify.annotations.NullMarked;
