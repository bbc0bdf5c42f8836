/**
 * Reads TOML 1.0 with the line of each key, for the configuration files of container runtimes.
 *
 * <pre>{@code
 * TomlTable file = TomlParser.parse(text);
 * file.text("server").ifPresent(...);
 * file.line("server");
 * }</pre>
 *
 * {@code TomlText} has the characters and texts in quotes, {@code TomlParser} the tables, {@code
 * TomlScalar} checks numbers and dates. Why this is no library: decision record 8.
 */
@NullMarked
package io.mirrorimages.nodes.check.toml;

import org.jspecify.annotations.NullMarked;
