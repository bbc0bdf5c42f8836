/**
 * What the engine needs from both ends of a copy: {@link io.mirrorimages.mirror.port.ImageSource}
 * and {@link io.mirrorimages.mirror.port.ImageTarget}, four methods each. What only some sources or
 * targets can do is an interface of its own, asked for at the one place that uses it:
 *
 * <pre>
 *   source   RangeSource, RateLimitedSource, MultiEndpointSource, PartialSource, LocalSource, LocalManifests
 *   target   EmptyRepositoryCheck, AdmissionCheck, ReadableTarget, LocalTarget
 *   upload   RandomAccessUpload, ResumableUpload
 * </pre>
 *
 * <p>Decorators extend the {@code Forwarding} classes, so that no ability is lost on the way.
 * Implemented by {@code registry}, {@code archive} and the decorators in {@code harbor}.
 */
@NullMarked
package io.mirrorimages.mirror.port;

import org.jspecify.annotations.NullMarked;
