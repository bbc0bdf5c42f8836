package io.mirrorimages.registry.client;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Puts what is no manifest, under a digest that is not its own: no registry can store it, but one
 * that does not take its media type says so. Used by one thread; calls block.
 */
public final class ManifestTrial {
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);
  private static final Digest ANOTHER = Digest.sha256(new byte[0]);

  private final RegistryClient client;
  private final Repository repository;

  /** Trials at one repository; makes no request yet. */
  public ManifestTrial(RegistryClient client, Repository repository) {
    this.client = client;
    this.repository = repository;
  }

  /** What the registry says against manifests of a media type (415); empty if nothing. */
  public Optional<String> refusal(String mediaType) throws IOException {
    Request call =
        client
            .call("PUT", repository.path() + "/manifests/" + ANOTHER)
            .with(new Request.Bytes(NOTHING, mediaType));
    try (Response answer = client.send(call, Access.push(repository))) {
      if (answer.status() == 415) {
        return Optional.of(Failures.of(answer, mediaType).getMessage());
      }
      answer.finish();
      return Optional.empty();
    }
  }
}
