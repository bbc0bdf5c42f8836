/**
 * A place where images are, as a value: what a user writes after {@code --archive}, {@code
 * --output} or {@code --registry}. Immutable, no I/O; any room may use it.
 *
 * <pre>
 * oci-archive:FILE   a tar that is an OCI image layout; FILE alone where a file is expected
 * oci:DIR            a folder that is an OCI image layout
 * HOST[/PATH]        a registry, and a path in it
 * </pre>
 *
 * A new kind of place is a record that implements {@link io.mirrorimages.location.ImageLocation}, a
 * line in its table of transports, and a case in each {@code switch} that opens one; the compiler
 * names those.
 */
@NullMarked
package io.mirrorimages.location;

import org.jspecify.annotations.NullMarked;
