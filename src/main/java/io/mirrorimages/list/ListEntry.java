package io.mirrorimages.list;

import io.mirrorimages.image.Reference;

/**
 * One image of a list.
 *
 * @param reference its normalised name
 * @param file the list it stands in, as it was given; {@code standard input} for {@code -}
 * @param line the line it stands on, from 1
 */
public record ListEntry(Reference reference, String file, int line) {

  /** {@code file:line}, as in messages. */
  String place() {
    return file + ":" + line;
  }
}
