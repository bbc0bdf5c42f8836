/**
 * Reads TOML 1.0 with the line of each key, for the configuration files of container runtimes.
 *
 * <pre>{@code
 * TomlTable file = TomlParser.parse(text);
 * file.text("server").ifPresent(...);
 * file.line("server");
 * }</pre>
 */
@NullMarked
package io.mirrorimages.nodes.check.toml;

import org.jspecify.annotations.NullMarked;
