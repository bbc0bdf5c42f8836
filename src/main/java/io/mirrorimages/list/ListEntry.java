package io.mirrorimages.list;

import io.mirrorimages.image.Reference;

/**
 * One image of a list.
 *
 * @param reference its normalised name
 * @param file the list it stands in, as it was given; {@code standard input} for {@code -}
 * @param line the line it stands on, from 1
 * @param untagged whether neither a tag nor a digest is written, so that it means {@code latest}
 */
public record ListEntry(Reference reference, String file, int line, boolean untagged) {

  /** {@code file:line}, as in messages. */
  String place() {
    return file + ":" + line;
  }
}
