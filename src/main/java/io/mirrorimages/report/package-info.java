/**
 * What a person or a monitor sees of a run: the line per image, progress, the summary, the JSON
 * report and the list of what is not done. Everything here listens to the engine; nothing decides.
 */
@NullMarked
package io.mirrorimages.report;

import org.jspecify.annotations.NullMarked;
