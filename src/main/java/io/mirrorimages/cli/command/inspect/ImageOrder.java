package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.read.Inspection;
import java.util.Comparator;

/** In which order images are shown; in that of the archive without one. */
enum ImageOrder {
  /** By name. */
  NAME(Comparator.comparing(item -> item.image().name().toString())),
  /** The largest first. */
  SIZE(Comparator.comparingLong(Inspection.Item::size).reversed()),
  /** Those first that have most in common with others. */
  SHARED(Comparator.comparingLong(Inspection.Item::shared).reversed());

  @SuppressWarnings("ImmutableEnumChecker") // Of functions without state.
  private final Comparator<Inspection.Item> comparator;

  ImageOrder(Comparator<Inspection.Item> comparator) {
    this.comparator = comparator;
  }

  Comparator<Inspection.Item> comparator() {
    return comparator;
  }
}
