package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Json;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** Which manifests name which as their subject, in which repository. Thread-safe. */
final class HarborReferrers {
  private final Map<String, List<Map<String, Object>>> known = new ConcurrentHashMap<>();

  /** Says of a manifest with a subject that it was noted; the subject need not be there. */
  void note(HttpExchange exchange, String repository, byte[] manifest, String digest) {
    JsonNode root = Json.MAPPER.readTree(manifest);
    String subject = root.path("subject").path("digest").asString("");
    if (subject.isEmpty()) {
      return;
    }
    exchange.getResponseHeaders().add("OCI-Subject", subject);
    Map<String, Object> descriptor = new TreeMap<>();
    descriptor.put("mediaType", root.path("mediaType").asString(""));
    descriptor.put("digest", digest);
    descriptor.put("size", manifest.length);
    descriptor.put(
        "artifactType",
        root.path("artifactType").asString(root.path("config").path("mediaType").asString("")));
    known
        .computeIfAbsent(repository + "@" + subject, s -> new CopyOnWriteArrayList<>())
        .add(descriptor);
  }

  /** The list of a subject, empty if nobody names it. */
  void list(HttpExchange exchange, String repository, String subject) throws IOException {
    String type = HarborApi.query(exchange).get("artifactType");
    List<Map<String, Object>> all = known.getOrDefault(repository + "@" + subject, List.of());
    if (type != null) {
      exchange.getResponseHeaders().add("OCI-Filters-Applied", "artifactType");
      all = all.stream().filter(d -> type.equals(d.get("artifactType"))).toList();
    }
    exchange.getResponseHeaders().add("X-Total-Count", Integer.toString(all.size()));
    byte[] index =
        Json.MAPPER.writeValueAsBytes(
            Map.of(
                "schemaVersion",
                2,
                "mediaType",
                "application/vnd.oci.image.index.v1+json",
                "manifests",
                all));
    FaultyRegistry.respond(
        exchange, 200, index, "Content-Type: application/vnd.oci.image.index.v1+json");
  }
}
