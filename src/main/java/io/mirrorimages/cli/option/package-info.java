/** Groups of options that several commands share, and the values that options take. */
@NullMarked
package io.mirrorimages.cli.option;

import org.jspecify.annotations.NullMarked;
