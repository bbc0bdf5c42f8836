package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.harbor.HarborFront;
import io.mirrorimages.testing.harbor.HarborProject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Harbor's own answers, each a situation of a night somebody had. */
class HarborAnswersIT {
  private static final String UPLOADS = "^POST /v2/";

  @TempDir private Path folder;
  private HarborSite site;

  @BeforeEach
  void start() throws IOException {
    site = new HarborSite(folder);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void aProjectThatIsFullIsParkedAndTheOthersGoOn() throws Exception {
    HarborProject full = site.harbor().project("full").quota(50_000);
    for (int i = 0; i < 6; i++) {
      site.add("full/image-" + i + ":v1", 200_000);
    }
    site.add("wide/shell:v1", 200_000);

    Command sync = site.sync("--jobs", "1");

    assertThat(sync.exitCode()).as(sync.out()).isEqualTo(1);
    assertThat(sync.line("wide/shell:v1")).contains("copied");
    for (int i = 0; i < 6; i++) {
      assertThat(sync.line("full/image-" + i)).contains("quota", "project full is full");
    }
    assertThat(full.used()).isLessThanOrEqualTo(50_000);
    // Of the six layers one was refused, before its body was read, and five were not begun.
    assertThat(site.harbor().counts().requests("^POST /v2/full/")).hasSizeLessThanOrEqualTo(3);
    assertThat(site.harbor().counts().received()).isLessThan(2 * 200_000);
  }

  @Test
  void anImmutableTagWithTheSameDigestIsDone() throws Exception {
    site.add("fixed/shell:v1", 1000);
    assertThat(site.sync().exitCode()).isZero();
    site.harbor().existing("fixed").orElseThrow().immutable();
    // As if the tag had come into being between the plan and the PUT.
    site.harbor().on("HEAD", "/v2/fixed/shell/manifests/v1", 1, FaultyRegistry.status(404, ""));

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().requests("^PUT .*/manifests/v1")).hasSize(2);
    assertThat(sync.line("fixed/shell")).contains("copied");
  }

  @Test
  void anImmutableTagWithAnotherDigestIsToldWithBoth() throws Exception {
    Manifest before = site.add("fixed/shell:v1", 1000);
    assertThat(site.sync().exitCode()).isZero();
    site.harbor().existing("fixed").orElseThrow().immutable();
    Manifest after =
        site.replace(
            "fixed/shell:v1",
            site.images().image(TestImages.AMD64, site.images().layer("other", 500)));

    List<String> sent = site.harbor().counts().requests("^(POST|PATCH|PUT) /v2/");

    Command dryRun = site.sync("--dry-run");
    Command sync = site.sync();

    assertThat(dryRun.line("fixed/shell"))
        .contains("failed", "may not be changed", digest(before), digest(after), "immutable");
    assertThat(sync.exitCode()).isEqualTo(3);
    assertThat(sync.line("fixed/shell"))
        .contains("may not be changed", digest(before), digest(after), "immutable");
    assertThat(site.harbor().counts().requests("^(POST|PATCH|PUT) /v2/")).isEqualTo(sent);
  }

  @Test
  void whoMayNotKnowOfImmutableTagsIsToldWhenTheManifestIsRefused() throws Exception {
    Manifest before = site.add("fixed/shell:v1", 1000);
    assertThat(site.sync().exitCode()).isZero();
    site.harbor().existing("fixed").orElseThrow().immutable();
    site.harbor().user("robot$pusher", "S3cret").allow("fixed", "pull", "push");
    Manifest after =
        site.replace(
            "fixed/shell:v1",
            site.images().image(TestImages.AMD64, site.images().layer("other", 500)));

    Command sync = site.syncAs("robot$pusher", "S3cret", site.harbor().name());

    assertThat(sync.line("fixed/shell"))
        .contains("may not be changed", digest(before), digest(after), "configured as immutable");
  }

  @Test
  void readOnlyModeEndsARunBeforeItBegins() throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.harbor().readOnly(true);

    assertThat(site.sync().complaint(3)).contains("read-only mode");
    assertThat(site.harbor().counts().requests(UPLOADS + "|POST /api")).isEmpty();
  }

  @Test
  void readOnlyModeInTheMiddleIsToldInHarborsWords() throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.harbor().project("rancher");
    site.harbor()
        .on(
            "POST",
            "/v2/rancher/shell/blobs/uploads/",
            100,
            exchange -> {
              site.harbor().readOnly(true);
              FaultyRegistry.respond(
                  exchange,
                  403,
                  "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"The system is in read only mode.\"}]}"
                      .getBytes(StandardCharsets.UTF_8));
            });

    assertThat(site.sync().line("rancher/shell")).contains("denied", "read only mode");
  }

  @Test
  void aProxyCacheIsNamedBeforeAnythingIsSent() throws Exception {
    site.add("cache/shell:v1", 1000);
    site.add("rancher/shell:v1", 1000);
    site.harbor().project("cache").proxyCache();

    assertThat(site.sync().complaint(3)).contains("nothing can be pushed to cache", "proxy cache");
    site.harbor()
        .user("robot$mirror", "S3cret")
        .allow("cache", "pull", "push")
        .allow("rancher", "pull", "push");
    assertThat(site.syncAs("robot$mirror", "S3cret", site.harbor().name()).complaint(3))
        .contains("nothing can be pushed to cache");
    assertThat(site.harbor().counts().requests(UPLOADS)).isEmpty();
  }

  @Test
  void aBlobThatIsBeingClearedAwayIsSentAgain() throws Exception {
    Manifest manifest = site.add("rancher/shell:v1", 1000);
    site.harbor().clearing(digest(manifest.layers().getFirst().digest()), 2);

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
  }

  @Test
  void aManifestThatHarborCannotTakeSinceABlobIsClearedAwayIsPutAgain() throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.harbor()
        .on(
            "PUT",
            "/v2/rancher/shell/manifests/",
            1,
            error(404, "NOT_FOUND", "the asking blob is in GC"));

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().requests("^HEAD /v2/rancher/shell/blobs/"))
        .as("asked again before the second PUT")
        .hasSize(4);
  }

  @ParameterizedTest
  @EnumSource(HarborFront.Locations.class)
  void uploadsGoOnWhereHarborIsReachedWhateverItsLocationSays(HarborFront.Locations locations)
      throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.add("rancher/large:v1", 3 * 1024 * 1024);
    site.harbor().locations(locations);

    Command sync = site.sync("--chunk-size", "1");

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().secretsElsewhere()).isZero();
  }

  @Test
  void anIngressThatLimitsRequestsGetsSmallerOnes() throws Exception {
    site.add("rancher/shell:v1", 3_000_000);
    FaultyRegistry.Behaviour page =
        FaultyRegistry.status(413, "<html>too large</html>", "Content-Type: text/html");
    site.harbor().on("PATCH", "/blobs/uploads/", 1, page);

    Command sync = site.sync("--jobs", "1");

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().uploads().values()).containsOnly(1);
  }

  @Test
  void aPageOfAnIngressThatLimitsBodiesIsSaidAsWhatItIs() throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.harbor()
        .on(
            "PUT",
            "/blobs/uploads/",
            100,
            FaultyRegistry.status(
                413, "<html>413 Request Entity Too Large</html>", "Content-Type: text/html"));

    assertThat(site.sync().line("rancher/shell")).contains("answered 413", "an HTML page");
  }

  @Test
  void storageOnAnotherHostSeesNoSecretWhenAHarborIsTheSource() throws Exception {
    site.add("rancher/shell:v1", 1000);
    assertThat(site.sync().exitCode()).isZero();
    site.harbor().redirectingBlobs(true);

    Command verify =
        site.run(
            HarborFront.PASSWORD,
            List.of("verify", "--list", site.list(), "--registry", site.harbor().name(), "--deep"),
            "--username",
            HarborFront.ADMIN,
            "--password-stdin");

    assertThat(verify).as(verify.err() + verify.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().secretsElsewhere()).isZero();
  }

  @Test
  void duplicateKeysAndOtherPassingTroubleAreTriedAgain() throws Exception {
    Manifest manifest = site.add("rancher/shell:v1", 1000);
    FaultyRegistry.Behaviour duplicate = error(500, "UNKNOWN", "internal server error");
    site.harbor().on("PUT", "/manifests/v1", 1, duplicate);
    site.harbor().on("POST", "/blobs/uploads/", 1, FaultyRegistry.status(502, ""));
    site.harbor()
        .on(
            "HEAD",
            "/blobs/" + digest(manifest.layers().getFirst().digest()),
            1,
            FaultyRegistry.status(503, "<html>", "Content-Type: text/html"));

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
  }

  @Test
  void whatHarborTookAndCouldNotSayIsNotSentTwice() throws Exception {
    Manifest manifest = site.add("rancher/shell:v1", 100_000);
    String layer = digest(manifest.layers().getFirst().digest());
    site.harbor().losingAnswers("PUT", "digest=" + layer.replace(":", "(:|%3A)"), 1);
    site.harbor().losingAnswers("PUT", "/manifests/v1", 1);

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().uploads()).containsEntry(layer, 1);
    assertThat(site.harbor().counts().requests("^PUT .*/manifests/v1")).hasSize(2);
  }

  @Test
  void anIndexOfFewerPlatformsIsWrittenAnewSinceHarborRefusesOneWithHoles() throws Exception {
    site.add(
        "rancher/shell:v1",
        site.images()
            .index(
                site.images().image(TestImages.AMD64, site.images().layer("amd64", 100)),
                site.images().image(TestImages.ARM64, site.images().layer("arm64", 100)),
                site.images()
                    .image(Platform.parse("linux/s390x"), site.images().layer("s390x", 100))));

    Command sync = site.sync("--platform", "linux/amd64", "--platform", "linux/arm64");

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().uploads()).hasSize(4);
  }

  @Test
  void aMountThatHarborRefusesIsAnUpload() throws Exception {
    TestImages.Layer base = site.images().layer("base", 10_000);
    site.add("one/shell:v1", site.images().image(TestImages.AMD64, base));
    site.add("two/shell:v1", site.images().image(TestImages.AMD64, base));
    site.harbor().on("POST", "from=", 10, error(401, "UNAUTHORIZED", "project one not found"));

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().uploads())
        .containsEntry(digest(base.descriptor().digest()), 2);
  }

  @Test
  void whatASharedLayerIsWorthIsSentOnceAndMountedAcrossProjects() throws Exception {
    TestImages.Layer base = site.images().layer("base", 100_000);
    for (int i = 0; i < 4; i++) {
      site.add(
          "project-" + i + "/shell:v1",
          site.images().image(TestImages.AMD64, base, site.images().layer("own-" + i, 1000)));
    }

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().uploads())
        .containsEntry(digest(base.descriptor().digest()), 1);
    assertThat(site.harbor().counts().uploads().values()).containsOnly(1);
    assertThat(site.harbor().counts().highestOfOneBlob()).isEqualTo(1);
    assertThat(site.harbor().counts().openSessions()).isZero();
  }

  @Test
  void sixBlobsAtOnceAreEnoughUnlessTheUserSaysOtherwise() throws Exception {
    for (int i = 0; i < 12; i++) {
      site.add("rancher/image-" + i + ":v1", 1000);
    }
    site.harbor().gathering(6);

    assertThat(site.sync().exitCode()).isZero();
    assertThat(site.harbor().counts().highestTransfers())
        .as(() -> site.harbor().counts().requests().toString())
        .isEqualTo(6);
    assertThat(site.harbor().counts().uploads()).hasSize(24);
  }

  @Test
  void moreBlobsAtOnceAreForWhoAsksForThem() throws Exception {
    for (int i = 0; i < 12; i++) {
      site.add("rancher/image-" + i + ":v1", 1000);
    }
    site.harbor().gathering(9);

    assertThat(site.sync("--jobs", "9").exitCode()).isZero();
    assertThat(site.harbor().counts().highestTransfers()).isEqualTo(9);
  }

  private static FaultyRegistry.Behaviour error(int status, String code, String message) {
    return exchange -> {
      exchange.getRequestBody().readAllBytes();
      FaultyRegistry.respond(
          exchange,
          status,
          "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}"
              .formatted(code, message)
              .getBytes(StandardCharsets.UTF_8),
          "Content-Type: application/json");
    };
  }

  private static String digest(Manifest manifest) {
    return digest(manifest.digest());
  }

  private static String digest(Digest digest) {
    return digest.toString();
  }
}
