/** What a run would do, before it: the command, and what it prints beside the plan itself. */
@NullMarked
package io.mirrorimages.cli.command.plan;

import org.jspecify.annotations.NullMarked;
