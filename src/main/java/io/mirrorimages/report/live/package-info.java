/**
 * The block of lines at the bottom of a terminal that shows how a run goes, while the lines of what
 * has ended scroll above it.
 *
 * <pre>
 *   RunEvent -> LiveState -- Phases, BlobsInFlight, CurrentWaits     counters, by the copying threads
 *                  |
 *   LiveView (5 times a second) -> StatusBlock -> StatusScreen -> terminal
 *                                                   ^
 *                    PlainStream (all other lines) -'
 * </pre>
 *
 * <p>{@link io.mirrorimages.report.live.LiveView} is what commands open. The size of the terminal
 * is given by them.
 */
@NullMarked
package io.mirrorimages.report.live;

import org.jspecify.annotations.NullMarked;
