package io.mirrorimages.serve;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a URL of the distribution API asks for. */
sealed interface ApiRequest {

  /** {@code /v2/}: whether this is a registry. */
  record Ping() implements ApiRequest {}

  /** {@code /v2/_catalog}: the names of all repositories. */
  record Repositories() implements ApiRequest {}

  /** A manifest by tag or digest. */
  record ManifestOf(String name, String reference) implements ApiRequest {}

  /** A blob by digest. */
  record BlobOf(String name, String digest) implements ApiRequest {}

  /** The tags of a repository. */
  record TagsOf(String name) implements ApiRequest {}

  /** The manifests that belong to the one with a digest. */
  record ReferrersOf(String name, String digest) implements ApiRequest {}

  /**
   * {@code /v2/<prefix>/}: whether there is a registry below that path, as clients ask that were
   * given a path as their endpoint.
   */
  record PingBelow(String prefix) implements ApiRequest {}

  /** Anything else. */
  record Unknown() implements ApiRequest {}

  /** Reads the path; the last {@code /manifests/} in it counts, as names may contain that word. */
  static ApiRequest parse(URI uri) {
    String path = Objects.requireNonNullElse(uri.getPath(), "");
    if (path.equals("/v2/") || path.equals("/v2")) {
      return new Ping();
    }
    if (!path.startsWith("/v2/")) {
      return new Unknown();
    }
    String rest = path.substring("/v2/".length());
    if (rest.equals("_catalog")) {
      return new Repositories();
    }
    if (rest.endsWith("/")) {
      return new PingBelow(rest.substring(0, rest.length() - 1));
    }
    if (rest.endsWith("/tags/list")) {
      return new TagsOf(rest.substring(0, rest.length() - "/tags/list".length()));
    }
    int slash = rest.lastIndexOf('/');
    String last = rest.substring(slash + 1);
    String before = rest.substring(0, Math.max(slash, 0));
    if (before.endsWith("/manifests")) {
      return new ManifestOf(before.substring(0, before.length() - "/manifests".length()), last);
    }
    if (before.endsWith("/blobs")) {
      return new BlobOf(before.substring(0, before.length() - "/blobs".length()), last);
    }
    if (before.endsWith("/referrers")) {
      return new ReferrersOf(before.substring(0, before.length() - "/referrers".length()), last);
    }
    return new Unknown();
  }

  /** The parameters of a query, the first of each name. */
  static Map<String, String> query(URI uri) {
    Map<String, String> query = new HashMap<>();
    String raw = uri.getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      decode(value).ifPresent(decoded -> query.putIfAbsent(name, decoded));
    }
    return query;
  }

  private static Optional<String> decode(String value) {
    try {
      return Optional.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
