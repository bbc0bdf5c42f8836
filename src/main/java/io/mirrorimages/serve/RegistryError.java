package io.mirrorimages.serve;

import io.mirrorimages.image.Json;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NotImplementedException;
import org.apache.hc.core5.http.RequestHeaderFieldsTooLargeException;
import org.apache.hc.core5.http.UnsupportedHttpVersionException;

/**
 * An answer that is an error (OCI distribution-spec, "Error Codes").
 *
 * @param status the HTTP status
 * @param code the code clients look at
 * @param message for people
 */
record RegistryError(int status, String code, String message) {

  static RegistryError nameUnknown() {
    return new RegistryError(404, "NAME_UNKNOWN", "the archive has no such repository");
  }

  static RegistryError manifestUnknown() {
    return new RegistryError(404, "MANIFEST_UNKNOWN", "the repository has no such manifest");
  }

  static RegistryError blobUnknown() {
    return new RegistryError(404, "BLOB_UNKNOWN", "the repository has no such blob");
  }

  static RegistryError notFound() {
    return new RegistryError(404, "UNSUPPORTED", "nothing is served here");
  }

  static RegistryError readOnly() {
    return new RegistryError(405, "UNSUPPORTED", "this registry is read-only");
  }

  static RegistryError badDigest() {
    return new RegistryError(400, "DIGEST_INVALID", "not a digest");
  }

  static RegistryError unauthorized() {
    return new RegistryError(401, "UNAUTHORIZED", "a user and a password are needed");
  }

  static RegistryError badPage() {
    return new RegistryError(
        400, "PAGINATION_NUMBER_INVALID", "n is the number of names wanted, 0 or more");
  }

  static RegistryError badRequest() {
    return new RegistryError(400, "UNSUPPORTED", "not an HTTP request");
  }

  /** The answer to a head that can't be understood. */
  static RegistryError badRequest(HttpException problem) {
    return switch (problem) {
      case RequestHeaderFieldsTooLargeException _ ->
          new RegistryError(431, "UNSUPPORTED", "the request's head is too large");
      case NotImplementedException _ ->
          new RegistryError(501, "UNSUPPORTED", "no transfer coding but chunked is known");
      case UnsupportedHttpVersionException _ ->
          new RegistryError(505, "UNSUPPORTED", "version 1.1 of HTTP is spoken here");
      default -> badRequest();
    };
  }

  /**
   * @param expected the scheme of URLs that work here
   */
  static RegistryError wrongScheme(String expected) {
    return new RegistryError(400, "UNSUPPORTED", "this port is for " + expected);
  }

  static RegistryError stopping() {
    return new RegistryError(503, "UNAVAILABLE", "this registry is being stopped");
  }

  static RegistryError tooManyAtOnce() {
    return new RegistryError(
        429, "TOOMANYREQUESTS", "this address has as many answers on their way as it may have");
  }

  /** The archive can't give what it should. */
  static RegistryError broken(String message) {
    return new RegistryError(500, "UNKNOWN", message);
  }

  byte[] body() {
    return Json.MAPPER.writeValueAsBytes(
        Map.of("errors", List.of(Map.of("code", code, "message", message))));
  }
}
