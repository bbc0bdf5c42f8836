/**
 * Distribution, zot and Harbor as caches: registries between the nodes and another one. Nodes then
 * pull from the cache, with a configuration of their own kind.
 */
@NullMarked
package io.mirrorimages.nodes.cache;

import org.jspecify.annotations.NullMarked;
