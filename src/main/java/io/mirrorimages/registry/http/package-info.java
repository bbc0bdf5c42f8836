/**
 * One request and its answer: connections, proxies, TLS, redirects, and what failures mean. Knows
 * neither tokens nor what a registry is asked for.
 */
@NullMarked
package io.mirrorimages.registry.http;

import org.jspecify.annotations.NullMarked;
