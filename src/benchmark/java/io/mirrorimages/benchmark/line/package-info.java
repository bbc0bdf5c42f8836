/**
 * A line between a tool and its registries, on this machine: a round trip, rates, cuts and losses.
 *
 * <pre>
 *   LineSettings.parse("rtt=80,rate=12.5")
 *   ShapedLine.to(port) -> Listener -> Connection: Stream up, Stream down
 *                                        Stream: read -> Pace (all), Pace (one) -> delay -> write
 *   SelfCheck: what the line really does, before anything is measured on it
 * </pre>
 *
 * <p>Not toxiproxy, which can do parts of it: its rates and delays are those of one connection
 * each, so that no rate for all connections together can be set.
 */
package io.mirrorimages.benchmark.line;
