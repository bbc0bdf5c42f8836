/**
 * What a user gave as an archive, before its format is known.
 *
 * <pre>
 *   ArchiveSource             the file or folder, open; the entries of a tar
 *     |-- ArchiveFile         opens the file
 *     |-- FileKind            tar, zip or compressed, by the first bytes
 *     `-- FileTree            all its files by name, in a tar or a folder alike
 *           `-- StoredContent where the bytes of each lie, and streams of them
 * </pre>
 *
 * Used by the formats; {@code read} also opens the file of an inventory with it.
 */
@NullMarked
package io.mirrorimages.archive.format.source;

import org.jspecify.annotations.NullMarked;
