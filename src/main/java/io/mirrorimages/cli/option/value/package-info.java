/**
 * The values that options take: one converter for each kind, from text to what a job works with.
 *
 * <pre>
 *   --max-rate 20MB/s    ByteCount       bytes
 *   --deadline 1h30m     TimeSpan        java.time.Duration
 *   --jobs 8             NumberOption    a whole number with bounds
 * </pre>
 *
 * A value that an option does not take is an {@link
 * io.mirrorimages.cli.option.value.OptionValueException}, whose text follows the option's name.
 * {@code Spelling} finds the known word that a misspelt one meant.
 */
@NullMarked
package io.mirrorimages.cli.option.value;

import org.jspecify.annotations.NullMarked;
