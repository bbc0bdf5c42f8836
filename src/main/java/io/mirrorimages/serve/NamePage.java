package io.mirrorimages.serve;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * A part of a list of names: names (OCI distribution-spec, "Listing Tags"), or repositories in the
 * same manner.
 *
 * @param names those on this page, in order
 * @param next the relative URL of the following page, if there is one
 */
record NamePage(List<String> names, Optional<String> next) {

  /**
   * The page that {@code query} asks for by {@code n} and {@code last}; empty if {@code n} is no
   * number. A number beyond what there is asks for everything.
   */
  static Optional<NamePage> of(NavigableSet<String> all, Map<String, String> query, String path) {
    String last = query.get("last");
    NavigableSet<String> left = last == null ? all : all.tailSet(last, false);
    int limit = left.size();
    if (query.containsKey("n")) {
      if (!query.get("n").matches("[0-9]{1,18}")) {
        return Optional.empty();
      }
      limit = (int) Math.min(limit, Long.parseLong(query.get("n")));
    }
    List<String> names = left.stream().limit(limit).toList();
    boolean more = !names.isEmpty() && names.size() < left.size();
    return Optional.of(
        new NamePage(
            names,
            more ? Optional.of(next(path, limit, names.getLast(), query)) : Optional.empty()));
  }

  private static String next(String path, int limit, String last, Map<String, String> query) {
    String namespace =
        query.containsKey("ns")
            ? "&ns=" + URLEncoder.encode(query.get("ns"), StandardCharsets.UTF_8)
            : "";
    return path + "?n=" + limit + "&last=" + last + namespace;
  }
}
