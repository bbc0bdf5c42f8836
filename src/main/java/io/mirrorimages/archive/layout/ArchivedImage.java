package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Reference;

/**
 * An image of an archive, as its index names it: a claim, until the manifest has been read and
 * hashed.
 *
 * @param name its full name
 * @param descriptor its manifest or index
 */
public record ArchivedImage(Reference name, Descriptor descriptor) {}
