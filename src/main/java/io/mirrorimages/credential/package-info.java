/**
 * Who logs in where: auth files of docker and podman, and their credential helpers.
 *
 * <pre>
 *   Credentials (asked by registry.auth)
 *     `-- DockerCredentials -- CredentialFile -- CredentialHelpers (child processes)
 * </pre>
 */
@NullMarked
package io.mirrorimages.credential;

import org.jspecify.annotations.NullMarked;
