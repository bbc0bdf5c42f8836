package io.mirrorimages.mirror;

import io.mirrorimages.image.Reference;

/**
 * One image that is wanted.
 *
 * @param source its name where it comes from, which is also what it is called in reports and
 *     archives
 * @param target its name at the target; the same as {@code source} for an archive
 */
public record ImageRequest(Reference source, Reference target) {}
