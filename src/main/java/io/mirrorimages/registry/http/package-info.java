/**
 * One request and its response: the stages of the request pipeline that know neither tokens nor
 * what a registry is asked for, and what failures mean.
 *
 * <pre>
 *   Exchange.send(Request) -> Response
 *     client.Throttle -> client.Authorize -> Redirects -> RequestLog -> Transport -> wire/
 * </pre>
 */
@NullMarked
package io.mirrorimages.registry.http;

import org.jspecify.annotations.NullMarked;
