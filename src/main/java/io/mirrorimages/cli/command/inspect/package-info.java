/**
 * The commands that show what is in archives and lists, and change nothing. Made by the table of
 * commands when they are needed.
 */
@NullMarked
package io.mirrorimages.cli.command.inspect;

import org.jspecify.annotations.NullMarked;
