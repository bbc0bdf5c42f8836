package io.mirrorimages.registry.endpoint;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.credential.Credentials;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.route.MirrorRule;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How images come through mirrors, and who is asked for what. */
@Timeout(300)
class RoutedSourceTest extends TwoMirrors {
  // The usual way

  @Test
  void theOriginSaysWhichImageAndTheFirstMirrorSendsIt() throws IOException {
    ImageResult result = copy(rules(one, two));

    assertThat(result.status()).isEqualTo(Status.COPIED);
    assertThat(result.provenance().servedBy()).containsExactly(one.url(""));
    assertThat(result.provenance().passedOver()).isEmpty();
    assertThat(methods(origin)).containsExactly("HEAD");
    assertThat(one.seen("GET", "/manifests/" + manifest.digest())).hasSize(1);
    assertThat(one.seen("GET", "/manifests/1")).isEmpty();
    assertThat(two.seen()).isEmpty();
  }

  @Test
  void mirrorsLearnWhoseImagesAreMeantAndTheOriginDoesNot() throws IOException {
    copy(rules(one));

    assertThat(one.seen())
        .allMatch(s -> s.target().endsWith("?ns=" + origin.name().replace(":", "%3A")));
    assertThat(origin.seen()).noneMatch(s -> s.target().contains("?"));
  }

  @Test
  void aPathPrefixGoesBeforeTheName() throws IOException {
    one.addManifest("hub/" + REPOSITORY, "1", manifest.bytes(), manifest.mediaType());
    copy(List.of(MirrorRule.parse(origin.name() + "=" + one.url("/hub"))));

    assertThat(one.seen())
        .isNotEmpty()
        .allMatch(s -> s.target().startsWith("/v2/hub/" + REPOSITORY));
    assertThat(methods(origin)).containsExactly("HEAD");
  }

  @Test
  void rewritesOfAFileAreDone() throws IOException {
    one.addManifest("moved/app", "1", manifest.bytes(), manifest.mediaType());
    ImageResult result =
        copy(
            file(
                """
                mirrors:
                  "%s": {endpoint: ["%s"], rewrite: {"^team/(.*)": "moved/$1"}}
                """
                    .formatted(origin.name(), one.url(""))));

    assertThat(result.provenance().servedBy()).containsExactly(one.url(""));
    assertThat(one.seen()).allMatch(s -> s.target().startsWith("/v2/moved/app/"));
    assertThat(result.request().source()).isEqualTo(image);
  }

  // Secrets

  @Test
  void credentialsOfOneSideNeverGoToTheOther() throws IOException {
    for (FaultyRegistry server : List.of(one, origin)) {
      server.unlessAuthorized(
          value -> value.startsWith("Basic "),
          status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    }
    settings = settings.with(Credentials.fixed(Credential.password("origin-user", "p")));
    ImageResult result =
        copy(
            file(
                """
                mirrors: {"%s": {endpoint: ["%s", "%s"]}}
                configs: {"%s": {auth: {username: mirror-user, password: p}}}
                """
                    .formatted(origin.name(), one.url(""), two.url(""), one.name())));

    assertThat(result.status()).as(result.message()).isEqualTo(Status.COPIED);
    assertThat(users(one)).containsOnly("", "mirror-user").contains("mirror-user");
    assertThat(users(origin)).containsOnly("", "origin-user").contains("origin-user");
    assertThat(users(two)).isEmpty();
    one.close();
    two.unlessAuthorized(String::isEmpty, status(500, ""));
    assertThat(copy(rules(one, two)).status()).isEqualTo(Status.COPIED);
    assertThat(users(two)).containsOnly("");
  }

  @Test
  void aLoginAtTheMirrorIsUsedThere() throws IOException {
    one.unlessAuthorized(
        value -> value.startsWith("Basic "),
        status(401, "", "WWW-Authenticate: Basic realm=\"x\""));
    String host = one.name();
    mirrorCredentials =
        repository ->
            repository.registry().equals(host)
                ? Optional.of(Credential.password("kept", "p"))
                : Optional.empty();
    assertThat(copy(rules(one)).provenance().servedBy()).containsExactly(one.url(""));
    assertThat(users(one)).contains("kept");
  }

  // Tags

  @Test
  void aStaleTagOfAMirrorIsNotTaken() throws IOException {
    Manifest fresh = images.image(TestImages.AMD64, images.layer("fresh", 1000));
    stock(origin, "1", fresh);
    ImageResult result = copy(rules(one));

    assertThat(result.targetDigest()).contains(fresh.digest());
    assertThat(result.provenance().servedBy()).containsExactly(origin.name());
    assertThat(result.provenance().passedOver().get(one.url(""))).contains("does not have");
    assertThat(skipped).isNotEmpty().containsOnly(one.url(""));
    assertThat(hints).isEmpty();
  }

  @Test
  void anOriginThatCannotBeAskedIsSaidOnce() throws IOException {
    origin.close();
    stock(one, "2", manifest);
    List<ImageResult> results =
        copy(
            routes(rules(one), Optional.empty()),
            List.of(image.toString(), image.repository() + ":2"));

    assertThat(results).allMatch(r -> r.status() == Status.COPIED);
    assertThat(hints).singleElement().asString().contains(origin.name(), "connection refused");
  }

  @Test
  void whatTheOriginDoesNotHaveAnyMoreIsMissing() throws IOException {
    origin.on("*", "/manifests/", status(404, ""));
    assertThat(copy(rules(one)).reason()).contains(FailureKind.MISSING);
    resolve = Resolve.MIRROR;
    assertThat(copy(rules(one)).status()).isEqualTo(Status.COPIED);
  }

  @Test
  void aMirrorsWordIsTakenWhereItIsWanted() throws IOException {
    resolve = Resolve.MIRROR;
    stock(origin, "1", images.image(TestImages.AMD64, images.layer("fresh", 1000)));
    ImageResult result = copy(rules(one));

    assertThat(result.targetDigest()).contains(manifest.digest());
    assertThat(origin.seen()).isEmpty();
    try (Registries side = open(routes(rules(one), Optional.empty()))) {
      assertThat(side.asSource().resolve(image)).contains(manifest.digest());
    }
  }

  @Test
  void theNewestIsTakenWhereverItIs() throws IOException {
    resolve = Resolve.NEWEST;
    Manifest newer = made("2026-03-01T00:00:00Z");
    stock(origin, "1", made("2026-01-01T00:00:00Z"));
    stock(one, "1", made("2025-12-31T00:00:00+02:00"));
    stock(two, "1", newer);
    assertThat(copy(rules(one, two)).targetDigest()).contains(newer.digest());
    stock(two, "1", made("no date"));
    assertThat(copy(rules(one, two)).targetDigest())
        .contains(made("2026-01-01T00:00:00Z").digest());
    origin.close();
    assertThat(copy(rules(one, two)).targetDigest())
        .contains(made("2025-12-31T00:00:00+02:00").digest());
  }

  /** An image whose config says when it was made. */
  private Manifest made(String when) {
    var config = images.blob(MediaTypes.OCI_CONFIG, ("{\"created\":\"" + when + "\"}").getBytes());
    return images.manifest(
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":%d},"layers":[]}
        """
            .formatted(
                MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG, config.digest(), config.size())
            .getBytes());
  }

  // The check beforehand

  @Test
  void oneEndpointThatIsThereIsEnough() throws IOException {
    origin.close();
    one.close();
    try (Registries side = open(routes(rules(one, two), Optional.empty()))) {
      side.check(origin.name());
      two.close();
      TransferException e =
          catchThrowableOfType(TransferException.class, () -> side.check(origin.name()));
      assertThat(e.reason()).isEqualTo(FailureKind.NETWORK);
      assertThat(e).hasMessageContaining(one.url("")).hasMessageContaining(two.url(""));
    }
  }

  // Help

  /** Who asked, by Basic. */
  private static List<String> users(FaultyRegistry server) {
    return server.seen().stream()
        .map(seen -> seen.header("Authorization"))
        .map(
            value ->
                value.startsWith("Basic ")
                    ? new String(java.util.Base64.getDecoder().decode(value.substring(6)))
                        .replaceFirst(":.*", "")
                    : value)
        .toList();
  }
}
