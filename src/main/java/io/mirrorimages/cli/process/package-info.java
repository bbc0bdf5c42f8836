/** The process around a command: signals, exit codes, memory, standard input, the environment. */
package io.mirrorimages.cli.process;
