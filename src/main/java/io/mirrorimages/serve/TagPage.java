package io.mirrorimages.serve;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * A part of a list of tags (OCI distribution-spec, "Listing Tags").
 *
 * @param tags the tags on this page, in order
 * @param next the relative URL of the following page, if there is one
 */
record TagPage(List<String> tags, Optional<String> next) {

  /**
   * The page that {@code query} asks for by {@code n} and {@code last}; empty if {@code n} is no
   * number. A number beyond what there is asks for everything.
   */
  static Optional<TagPage> of(NavigableSet<String> all, Map<String, String> query, String path) {
    String last = query.get("last");
    NavigableSet<String> left = last == null ? all : all.tailSet(last, false);
    int limit = left.size();
    if (query.containsKey("n")) {
      if (!query.get("n").matches("[0-9]{1,18}")) {
        return Optional.empty();
      }
      limit = (int) Math.min(limit, Long.parseLong(query.get("n")));
    }
    List<String> tags = left.stream().limit(limit).toList();
    boolean more = !tags.isEmpty() && tags.size() < left.size();
    return Optional.of(
        new TagPage(
            tags, more ? Optional.of(next(path, limit, tags.getLast(), query)) : Optional.empty()));
  }

  private static String next(String path, int limit, String last, Map<String, String> query) {
    String namespace =
        query.containsKey("ns")
            ? "&ns=" + URLEncoder.encode(query.get("ns"), StandardCharsets.UTF_8)
            : "";
    return path + "?n=" + limit + "&last=" + last + namespace;
  }
}
