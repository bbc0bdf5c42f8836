/**
 * The last lines of a command, after its summary: what was made, and what to do next. At most four.
 *
 * <pre>
 *   command.Run -- EndedRun -> Closing -- SaveClosing, TransferClosing, ArchiveCheckClosing, RegistryCheckClosing
 * </pre>
 */
@NullMarked
package io.mirrorimages.cli.closing;

import org.jspecify.annotations.NullMarked;
