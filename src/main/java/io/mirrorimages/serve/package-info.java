/**
 * A read-only registry (OCI distribution-spec v1.1) straight from an archive, for clients that
 * pull.
 *
 * <pre>
 *   ArchiveServer                 closes all but the archive's reader
 *     `-- ConnectionAcceptor      one virtual thread for each connection, up to a number
 *          `-- ServerConnection   reads requests, RequestCheck refuses malformed ones; the
 *               |                 acceptor closes its socket
 *               `-- RegistryHandler  Passwords, ClientShares; parses an ApiRequest
 *                    |-- Catalog -- RepositoryView -- Attachments   what the archive has
 *                    `-- ApiResponse                                the answer on its way
 *   StallGuard                    interrupts the thread of a client that sends or takes nothing
 * </pre>
 */
@NullMarked
package io.mirrorimages.serve;

import org.jspecify.annotations.NullMarked;
