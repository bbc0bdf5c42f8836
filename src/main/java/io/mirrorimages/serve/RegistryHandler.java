package io.mirrorimages.serve;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.UnsupportedManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;

/** Answers the pull half of the distribution API (OCI distribution-spec v1.1). Thread-safe. */
final class RegistryHandler {
  private final Catalog catalog;
  private final Optional<Passwords> passwords;
  private final StallGuard guard;
  private final ClientShares shares;
  private volatile boolean stopping;

  RegistryHandler(
      ArchiveReader archive, Optional<Passwords> passwords, StallGuard guard, ClientShares shares) {
    this.shares = shares;
    this.catalog = new Catalog(archive);
    this.passwords = passwords;
    this.guard = guard;
  }

  /** Sends new requests away from now on. */
  void stop() {
    stopping = true;
  }

  /** Answers a request that came over {@code connection} from {@code address}. */
  void handle(ClassicHttpRequest request, InetAddress address, ServerConnection connection)
      throws IOException {
    try (StallGuard.Watched watched = guard.watch()) {
      ApiResponse answer = new ApiResponse(request, connection, watched);
      String client = address.getHostAddress();
      if (!shares.enter(client)) {
        answer.header("Connection", "close");
        answer.header("Retry-After", "5");
        answer.error(RegistryError.tooManyAtOnce());
        return;
      }
      try {
        handle(request, client, answer);
      } catch (TransferException | InvalidContentException | UnsupportedManifestException e) {
        // After the headers there is nothing left to say: the connection ends too early.
        if (!answer.begun()) {
          answer.error(RegistryError.broken(Setting.named(Failure.of(e).message(), Setting::id)));
        }
      } catch (IOException e) {
        if (answer.begun()) {
          throw e;
        }
        answer.error(RegistryError.broken("the archive can't be read"));
      } finally {
        shares.leave(client);
      }
    }
  }

  private void handle(ClassicHttpRequest request, String client, ApiResponse answer)
      throws IOException {
    if (stopping) {
      answer.header("Connection", "close");
      answer.error(RegistryError.stopping());
      return;
    }
    if (passwords.isPresent()
        && !passwords.get().accept(answer.request("Authorization").orElse(""), client)) {
      answer.header("WWW-Authenticate", "Basic realm=\"mirror-images\", charset=\"UTF-8\"");
      answer.error(RegistryError.unauthorized());
      return;
    }
    String method = request.getMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      answer.header("Allow", "GET, HEAD");
      answer.error(RegistryError.readOnly());
      return;
    }
    URI uri;
    try {
      uri = new URI(request.getPath());
    } catch (URISyntaxException e) {
      answer.error(RegistryError.badRequest());
      return;
    }
    Map<String, String> query = ApiRequest.query(uri);
    Optional<String> namespace = Optional.ofNullable(query.get("ns")).filter(ns -> !ns.isEmpty());
    switch (ApiRequest.parse(uri)) {
      case ApiRequest.Ping() -> registry(answer);
      case ApiRequest.PingBelow(String prefix) when catalog.hasRegistry(prefix) -> registry(answer);
      case ApiRequest.Repositories() -> {
        Optional<NamePage> page = NamePage.of(catalog.names(namespace), query, uri.getRawPath());
        names("repositories", Map.of(), page, answer);
      }
      case ApiRequest.ManifestOf(String name, String reference) ->
          manifest(catalog.find(name, namespace), reference, answer);
      case ApiRequest.BlobOf(String name, String digest) ->
          blob(catalog.find(name, namespace), digest, answer);
      case ApiRequest.TagsOf(String name) ->
          tags(name, catalog.find(name, namespace), query, uri, answer);
      case ApiRequest.ReferrersOf(String name, String digest) ->
          referrers(catalog.find(name, namespace), digest, query, uri, answer);
      case ApiRequest.PingBelow(String prefix) -> answer.error(RegistryError.notFound());
      case ApiRequest.Unknown() -> answer.error(RegistryError.notFound());
    }
  }

  private static void registry(ApiResponse answer) throws IOException {
    answer.whole("application/json", "{}".getBytes(StandardCharsets.UTF_8));
  }

  private void manifest(Optional<RepositoryView> repository, String reference, ApiResponse answer)
      throws IOException {
    if (repository.isEmpty()) {
      answer.error(RegistryError.nameUnknown());
      return;
    }
    Optional<Manifest> manifest;
    if (reference.indexOf(':') >= 0) {
      Optional<Digest> digest = digest(reference);
      if (digest.isEmpty()) {
        answer.error(RegistryError.badDigest());
        return;
      }
      manifest = repository.get().byDigest(digest.get());
    } else {
      manifest = repository.get().byTag(reference);
    }
    if (manifest.isEmpty()) {
      answer.error(RegistryError.manifestUnknown());
      return;
    }
    if (!answer.unchanged(manifest.get().digest())) {
      answer.whole(manifest.get().mediaType(), manifest.get().bytes());
    }
  }

  private void blob(Optional<RepositoryView> repository, String text, ApiResponse answer)
      throws IOException {
    if (repository.isEmpty()) {
      answer.error(RegistryError.nameUnknown());
      return;
    }
    Optional<Digest> digest = digest(text);
    if (digest.isEmpty()) {
      answer.error(RegistryError.badDigest());
      return;
    }
    Optional<Descriptor> blob = repository.get().blob(digest.get());
    if (blob.isEmpty()) {
      answer.error(RegistryError.blobUnknown());
      return;
    }
    if (answer.unchanged(digest.get())) {
      return;
    }
    answer.header("Accept-Ranges", "bytes");
    switch (answer.wanted(blob.get().size(), digest.get())) {
      case ByteRange.Unsatisfiable() -> answer.unsatisfiable(blob.get().size());
      case ByteRange.WholeBody() -> {
        try (InputStream content = repository.get().open(blob.get(), 0)) {
          answer.stream(200, blob.get().size(), content);
        }
      }
      case ByteRange.SingleRange(ByteRange range) -> {
        answer.header(
            "Content-Range",
            "bytes " + range.first() + "-" + range.last() + "/" + blob.get().size());
        try (InputStream content = repository.get().open(blob.get(), range.first())) {
          answer.stream(206, range.length(), content);
        }
      }
    }
  }

  private void tags(
      String name,
      Optional<RepositoryView> repository,
      Map<String, String> query,
      URI uri,
      ApiResponse answer)
      throws IOException {
    if (repository.isEmpty()) {
      answer.error(RegistryError.nameUnknown());
      return;
    }
    Optional<NamePage> page =
        NamePage.of(repository.get().tags().navigableKeySet(), query, uri.getRawPath());
    names("tags", Map.of("name", name), page, answer);
  }

  private static void names(
      String what, Map<String, Object> beside, Optional<NamePage> page, ApiResponse answer)
      throws IOException {
    if (page.isEmpty()) {
      answer.error(RegistryError.badPage());
      return;
    }
    page.get().next().ifPresent(next -> answer.header("Link", "<" + next + ">; rel=\"next\""));
    Map<String, Object> body = new LinkedHashMap<>(beside);
    body.put(what, page.get().names());
    answer.whole("application/json", Json.MAPPER.writeValueAsBytes(body));
  }

  /** Never 404, which would say that this registry does not know referrers. */
  private void referrers(
      Optional<RepositoryView> repository,
      String text,
      Map<String, String> query,
      URI uri,
      ApiResponse answer)
      throws IOException {
    Optional<Digest> subject = digest(text);
    if (subject.isEmpty()) {
      answer.error(RegistryError.badDigest());
      return;
    }
    ReferrersPage page = ReferrersPage.of(repository, subject.get(), query, uri.getRawPath());
    if (page.filtered()) {
      answer.header("OCI-Filters-Applied", "artifactType");
    }
    page.next().ifPresent(next -> answer.header("Link", "<" + next + ">; rel=\"next\""));
    answer.whole(MediaTypes.OCI_INDEX, page.body());
  }

  private static Optional<Digest> digest(String text) {
    try {
      return Optional.of(Digest.parse(text));
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }
}
