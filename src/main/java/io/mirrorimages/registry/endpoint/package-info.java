/**
 * Images that several endpoints offer: mirrors, and the registry itself. Which is asked, which
 * comes next when one fails, and which resolved a tag.
 *
 * <pre>
 *   Registries -- RoutedSource
 *     |-- Tags, NewestImage      which endpoint resolves a tag
 *     |-- RoutedBlobs            which sends a blob, and the rest of one that broke off
 *     |-- Failover               one endpoint after the other; FailoverErrors if none has it
 *     `-- Endpoints              of one registry, in order, each with its client and EndpointHealth
 * </pre>
 *
 * The clients live as long as the run; streams are closed by their reader.
 */
@NullMarked
package io.mirrorimages.registry.endpoint;

import org.jspecify.annotations.NullMarked;
