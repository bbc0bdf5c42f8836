/** The process around a command: signals, exit codes, memory, standard input, the environment. */
@NullMarked
package io.mirrorimages.cli.process;

import org.jspecify.annotations.NullMarked;
