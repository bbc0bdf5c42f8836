package io.mirrorimages.serve;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The manifests that belong to another one, or a part of them, as an index (OCI distribution-spec
 * v1.1, "Listing Referrers"). What is said of each is read from it anew, so that only digests are
 * kept in memory.
 *
 * @param body the index, up to {@link Manifest#LARGEST} bytes or one entry
 * @param filtered whether only one artifact type was wanted
 * @param next the relative URL of the following page, if there is one
 */
record ReferrersPage(byte[] body, boolean filtered, Optional<String> next) {
  private static final byte[] END = utf8("]}");

  /**
   * The page of the referrers of {@code subject} that {@code query} asks for by {@code
   * artifactType} and {@code last}, the digest with which the page before ended.
   *
   * @param repository empty if the archive does not have it: nothing refers to anything then
   */
  static ReferrersPage of(
      Optional<RepositoryView> repository, Digest subject, Map<String, String> query, String path)
      throws IOException {
    String wanted = query.getOrDefault("artifactType", "");
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        utf8(
            "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":["));
    int empty = body.size();
    if (repository.isPresent()) {
      Iterator<Descriptor> left = repository.get().referrers(subject).iterator();
      skipTo(query.get("last"), left);
      String last = "";
      while (left.hasNext()) {
        Manifest manifest = repository.get().read(left.next());
        if (wanted.isEmpty() || manifest.artifactType().orElse("").equals(wanted)) {
          byte[] entry = Json.MAPPER.writeValueAsBytes(entry(manifest));
          if (body.size() > empty) {
            if (body.size() + 1 + entry.length + END.length > Manifest.LARGEST) {
              return page(body, wanted, Optional.of(next(path, query, last)));
            }
            body.write(',');
          }
          body.writeBytes(entry);
        }
        last = manifest.digest().toString();
      }
    }
    return page(body, wanted, Optional.empty());
  }

  private static ReferrersPage page(
      ByteArrayOutputStream body, String wanted, Optional<String> next) {
    body.writeBytes(END);
    return new ReferrersPage(body.toByteArray(), !wanted.isEmpty(), next);
  }

  private static void skipTo(@Nullable String last, Iterator<Descriptor> left) {
    boolean found = last == null;
    while (!found && left.hasNext()) {
      found = left.next().digest().toString().equals(last);
    }
  }

  private static Map<String, Object> entry(Manifest manifest) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("mediaType", manifest.mediaType());
    entry.put("digest", manifest.digest().toString());
    entry.put("size", manifest.bytes().length);
    manifest
        .artifactType()
        .filter(type -> !type.isEmpty())
        .ifPresent(type -> entry.put("artifactType", type));
    if (!manifest.annotations().isEmpty()) {
      entry.put("annotations", manifest.annotations());
    }
    return entry;
  }

  private static String next(String path, Map<String, String> query, String last) {
    StringBuilder next = new StringBuilder(path).append("?last=").append(last);
    for (String kept : new String[] {"artifactType", "ns"}) {
      if (query.containsKey(kept)) {
        next.append('&')
            .append(kept)
            .append('=')
            .append(URLEncoder.encode(query.get(kept), StandardCharsets.UTF_8));
      }
    }
    return next.toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
