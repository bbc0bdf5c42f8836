/** What save prints for those who carry its volumes. */
@NullMarked
package io.mirrorimages.cli.command.carry;

import org.jspecify.annotations.NullMarked;
