package io.mirrorimages.registry.rules;

import io.mirrorimages.image.ByteSize;
import io.mirrorimages.image.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The registries of which something particular is known: the table {@code registries.json}, where
 * each rule has its source. The first row that covers a registry counts, and the last is for all
 * others. Immutable.
 *
 * <p>What is not in it is found out as one goes, and the same everywhere: how much of an upload is
 * left after it broke (distribution 2.8 and 3, zot, ECR), refused mounts (a 202 is an upload that
 * goes on, after a 4xx one begins; ECR mounts only what a manifest names), success as 200, 201, 202
 * or 204, an answer that was lost (ghcr.io, Harbor), uploads that the user may not cancel
 * (Artifactory), challenges without a scope, or whose realm has the port twice (Nexus), 429
 * (Azure's tiers), relative addresses.
 */
public final class KnownRegistries {
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "hosts",
          "server",
          "names",
          "chunks",
          "least-chunk",
          "most-chunk",
          "largest-put",
          "largest-blob",
          "makes-repositories",
          "advice",
          "limits",
          "why",
          "sources");

  private static final KnownRegistries STANDARD = read();

  private final List<Row> rows;

  /** Rules, with their pattern made once: they are looked up for each blob. */
  private record Row(RegistryRules rules, Pattern hosts) {}

  private KnownRegistries(List<RegistryRules> rows) {
    this.rows = rows.stream().map(rules -> new Row(rules, rules.hostPattern())).toList();
  }

  /** The table that comes with the program. */
  public static KnownRegistries standard() {
    return STANDARD;
  }

  /** The same, with other rules before them. */
  KnownRegistries with(RegistryRules rules) {
    return new KnownRegistries(Stream.concat(Stream.of(rules), rows().stream()).toList());
  }

  /** All rows, in their order. */
  public List<RegistryRules> rows() {
    return rows.stream().map(Row::rules).toList();
  }

  /** What is known of a registry, {@code host[:port]} as in image names, by its name. */
  public RegistryRules of(String registry) {
    return of(registry, header -> Optional.empty());
  }

  /** The same by its name, or by what an answer of it says. */
  public RegistryRules of(String registry, Function<String, Optional<String>> headers) {
    return rows.stream()
        .filter(row -> row.hosts().matcher(registry).matches() || row.rules().cover(headers))
        .findFirst()
        .orElse(rows.getLast())
        .rules();
  }

  private static KnownRegistries read() {
    try (InputStream in = KnownRegistries.class.getResourceAsStream("registries.json")) {
      List<RegistryRules> rows = new ArrayList<>();
      for (JsonNode row : Json.parse(in.readAllBytes(), "registries.json").path("registries")) {
        rows.add(rules(row));
      }
      return new KnownRegistries(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RegistryRules rules(JsonNode row) {
    for (String field : row.propertyNames()) {
      if (!FIELDS.contains(field)) {
        throw new IllegalStateException("registries.json has a field " + field);
      }
    }
    List<String> hosts = new ArrayList<>();
    row.path("hosts").forEach(host -> hosts.add(host.asString()));
    Map<String, String> advice = new LinkedHashMap<>();
    row.path("advice").forEachEntry((error, text) -> advice.put(error, text.asString()));
    RegistryRules.Names any = RegistryRules.Names.ANY;
    JsonNode names = row.path("names");
    return new RegistryRules(
        row.path("name").asString(),
        hosts,
        row.path("server").asString(""),
        new RegistryRules.Names(
            names.path("form").asString(any.form()),
            names.path("least").asInt(any.least()),
            names.path("most").asInt(any.most())),
        new RegistryRules.UploadRules(
            row.path("chunks").asBoolean(true),
            bytes(row, "least-chunk", 0),
            bytes(row, "most-chunk", Long.MAX_VALUE),
            bytes(row, "largest-put", Long.MAX_VALUE),
            bytes(row, "largest-blob", Long.MAX_VALUE)),
        row.path("makes-repositories").asBoolean(true),
        advice,
        row.path("limits").asString(""),
        row.path("why").asString(""));
  }

  private static long bytes(JsonNode row, String field, long usual) {
    return row.has(field) ? ByteSize.parse(row.path(field).asString()) : usual;
  }
}
