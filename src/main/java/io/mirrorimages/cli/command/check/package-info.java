/** What nodes get by their configuration: the command {@code check} and its output. */
@NullMarked
package io.mirrorimages.cli.command.check;

import org.jspecify.annotations.NullMarked;
