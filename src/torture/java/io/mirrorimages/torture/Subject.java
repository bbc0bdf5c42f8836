package io.mirrorimages.torture;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request is about.
 *
 * @param method of HTTP
 * @param kind which endpoint
 * @param repository empty where there is none
 * @param name a blob's digest, or a manifest's tag or digest; empty where there is none
 */
record Subject(String method, Kind kind, String repository, String name) {
  private static final Pattern PATH =
      Pattern.compile("/v2/(.+)/(blobs/uploads|blobs|manifests)/([^?]*)(?:\\?(.*))?");
  private static final Pattern DIGEST = Pattern.compile("(?:^|&)(?:digest|mount)=([^&]*)");

  /** The endpoints. */
  enum Kind {
    BLOB,
    MANIFEST,
    UPLOAD,
    OTHER
  }

  /** Of a request line. */
  static Subject of(String method, String target) {
    Matcher parts = PATH.matcher(target);
    if (!parts.matches()) {
      return new Subject(method, Kind.OTHER, "", "");
    }
    String repository = parts.group(1);
    return switch (parts.group(2)) {
      case "blobs" -> new Subject(method, Kind.BLOB, repository, parts.group(3));
      case "manifests" -> new Subject(method, Kind.MANIFEST, repository, parts.group(3));
      default -> {
        Matcher digest = DIGEST.matcher(parts.group(4) == null ? "" : parts.group(4));
        yield new Subject(
            method,
            Kind.UPLOAD,
            repository,
            digest.find() ? URLDecoder.decode(digest.group(1), StandardCharsets.UTF_8) : "");
      }
    };
  }

  boolean isBlob() {
    return kind == Kind.BLOB;
  }

  boolean isManifest() {
    return kind == Kind.MANIFEST;
  }

  /** Whether bytes of a blob come with it. */
  boolean isUpload() {
    return kind == Kind.UPLOAD && (method.equals("PUT") || method.equals("PATCH"));
  }

  /** How a blob's bytes move with an upload. */
  Transfer.Way way() {
    return method.equals("PATCH") ? Transfer.Way.CHUNK : Transfer.Way.WHOLE_UPLOAD;
  }

  /** Whether it changes something. */
  boolean isWrite() {
    return method.equals("PUT") || method.equals("POST") || method.equals("PATCH");
  }

  /** Whether a blob's digest is known from it. */
  boolean namesBlob() {
    return kind != Kind.MANIFEST && !name.isEmpty();
  }
}
