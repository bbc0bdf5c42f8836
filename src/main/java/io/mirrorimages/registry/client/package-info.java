/**
 * One registry, or one endpoint that stands in for it: every request passes its limits, gets its
 * token and is retried here. What is read from it is here too; what is sent to it is in {@code
 * upload}.
 *
 * <pre>
 *   endpoint.RoutedSource, upload.Uploads
 *     |-- Blobs, Manifests, ReferrersTag   one kind of request each
 *     |-- BlobDownload -- BlobStream       the reader closes it, and by that the response
 *     `-- RegistryClient                   sends: Throttle, Authorize, then http.Transport
 *          `-- Origin                      scheme and address of the server, found once
 * </pre>
 *
 * A {@code Response} is closed by the class that sent the request. The transport belongs to {@code
 * registry.Registries}, which closes it.
 */
@NullMarked
package io.mirrorimages.registry.client;

import org.jspecify.annotations.NullMarked;
