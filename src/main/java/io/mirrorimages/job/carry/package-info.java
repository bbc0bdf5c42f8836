/**
 * How the files of a saved archive are carried: which volume goes on which stick.
 *
 * <pre>{@code
 * CarrySheet sheet = CarrySheet.of(names, stickBytes);
 * sheet.sticks().forEach(stick -> print(stick.volumes()));
 * }</pre>
 */
@NullMarked
package io.mirrorimages.job.carry;

import org.jspecify.annotations.NullMarked;
