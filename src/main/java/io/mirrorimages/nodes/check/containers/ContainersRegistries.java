package io.mirrorimages.nodes.check.containers;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What a {@code registries.conf} says, alone or with the files of its folder.
 *
 * @param entries by prefix
 * @param search the registries of short names in their order; empty if the file does not say
 * @param aliases by short name
 * @param helpers where logins are looked up; empty if the file does not say
 */
record ContainersRegistries(
    Map<String, PrefixEntry> entries,
    Optional<LocatedTexts> search,
    Map<String, LocatedTexts> aliases,
    Optional<LocatedTexts> helpers) {

  /** Texts, and where they are written. */
  record LocatedTexts(String file, int line, List<String> texts) {}

  /** The entry with the longest prefix of a name. */
  Optional<PrefixEntry> find(String full) {
    return entries.values().stream()
        .filter(one -> one.matched(full) > 0)
        .max(Comparator.comparingInt(one -> one.prefix().length()));
  }

  /** Takes each entry that a later one replaces as a whole, and the later one. */
  void forEachReplaced(ContainersRegistries later, BiConsumer<PrefixEntry, PrefixEntry> taker) {
    for (PrefixEntry entry : entries.values()) {
      Optional.ofNullable(later.entries().get(entry.prefix()))
          .ifPresent(other -> taker.accept(entry, other));
    }
  }

  /** The same with a later file: its entries, aliases and lists take the place of these. */
  ContainersRegistries with(ContainersRegistries later) {
    Map<String, PrefixEntry> all = new TreeMap<>(entries);
    all.putAll(later.entries());
    Map<String, LocatedTexts> names = new TreeMap<>(aliases);
    names.putAll(later.aliases());
    return new ContainersRegistries(
        all, later.search().or(() -> search), names, later.helpers().or(() -> helpers));
  }
}
