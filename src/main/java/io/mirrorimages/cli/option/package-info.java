/**
 * Groups of options that several commands share; their values are read in the room {@code value}.
 */
@NullMarked
package io.mirrorimages.cli.option;

import org.jspecify.annotations.NullMarked;
