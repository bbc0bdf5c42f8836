/**
 * The engine: a list of requests becomes a plan, the plan is carried out from an {@link
 * io.mirrorimages.mirror.ImageSource} to an {@link io.mirrorimages.mirror.ImageTarget}, and every
 * image ends in a result. Knows nothing of HTTP, tar or the screen.
 */
package io.mirrorimages.mirror;
