package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.harbor.HarborFront;
import io.mirrorimages.testing.harbor.HarborProject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong within a Harbor, before it, and around its clock, database and replicas. */
class HarborTroubleIT {
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
  void aPolicyAgainstPullsMeansThatAnImageIsThereAndIsToldByVerify() throws Exception {
    site.add("safe/shell:v1", 1000);
    assertDone(site.sync());
    site.harbor().existing("safe").orElseThrow().preventingPulls();

    Command sync = site.sync();

    assertDone(sync);
    assertThat(sync.line("safe/shell")).contains("unchanged");
    assertThat(sync.complaints())
        .singleElement()
        .asString()
        .contains("project safe lets only images be pulled that were scanned");
    assertThat(site.sync("--dry-run").out()).contains("images to copy       0");
    assertThat(site.harbor().counts().requests("^PUT .*/manifests/")).hasSize(1);
    Command verify = verify();
    assertThat(verify.exitCode()).isNotZero();
    assertThat(verify.line("safe/shell")).contains("denied", "configured policy", "(request ");
  }

  @Test
  void aDatabaseThatIsAwayWhileARunPlansIsWaitedFor() throws Exception {
    for (int i = 0; i < 3; i++) {
      site.add("rancher/image-" + i + ":v1", 1000);
    }
    site.harbor().project("rancher");
    site.harbor().databaseAway("HEAD", "/manifests/", 6);

    assertDone(site.sync());

    site.harbor().databaseAway("(HEAD|GET)", "/manifests/", 6);
    assertDone(verify());
  }

  @Test
  void beforeTheRightsAreKnownNoOutageIsSupposed() throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.harbor().project("rancher");
    site.harbor().databaseAway("GET", "token.*scope", 1);

    assertThat(site.sync().complaint(3)).contains("may not push to project rancher");
  }

  @Test
  void oneTokenIsEnoughForAllOfAProject() throws Exception {
    TestImages.Layer base = site.images().layer("base", 10_000);
    for (int i = 0; i < 6; i++) {
      site.add(
          "rancher/image-" + i + ":v1",
          site.images().image(TestImages.AMD64, base, site.images().layer("own-" + i, 100)));
    }
    site.harbor().project("rancher");

    assertDone(site.sync());

    // One without scope, one to check the rights, one for all that follows.
    assertThat(site.harbor().counts().tokens()).isLessThanOrEqualTo(3);
  }

  @Test
  void whatIsInAnotherProjectOfTheSameHarborIsMounted() throws Exception {
    site.add("staging/shell:v1", 200_000);
    assertDone(site.sync("--create-projects", "public"));
    long received = site.harbor().counts().received();
    Path list =
        Files.writeString(folder.resolve("own.txt"), site.harbor().name() + "/staging/shell:v1\n");

    Command sync =
        site.run(
            HarborFront.PASSWORD,
            List.of("sync", "--list", list, "--registry", site.harbor().name() + "/prod"),
            "--target-username",
            HarborFront.ADMIN,
            "--target-password-stdin");

    assertDone(sync);
    assertThat(site.harbor().counts().received()).isEqualTo(received);
  }

  @Test
  void aProjectThatIsTooSmallIsToldBeforeAnythingIsSentAndGetsNoLargeLayer() throws Exception {
    site.harbor().project("small").quota(1_000_000);
    site.add("small/large:v1", 9_000_000);

    assertThat(site.sync("--dry-run").complaints())
        .singleElement()
        .asString()
        .contains("project small has 0 of its quota of 1M", "alone have 9", "raise the quota");
    Command sync = site.sync("--chunk-size", "1");

    assertThat(sync.line("small/large")).contains("quota", "project small is full");
    assertThat(site.harbor().counts().requests("^PATCH")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-7200, 7200})
  void aClockThatIsHoursOffMakesNoTokenOldOrNew(long ahead) throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.harbor().clockAhead(ahead);

    assertDone(site.sync());
    // One each without scope, to check the rights, and for the transfer.
    assertThat(site.harbor().counts().tokens()).isLessThanOrEqualTo(4);
  }

  @Test
  void tokensThatHarborTakesForNotYetValidAreNotAskedForWithoutEnd() throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.harbor().project("rancher");
    site.harbor().tokensNotYetValid(1000);

    Command sync = site.sync();

    assertThat(sync.exitCode()).isEqualTo(3);
    assertThat(sync.line("rancher/shell")).contains("denied");
    assertThat(site.harbor().counts().tokens()).isLessThan(12);
  }

  @Test
  void aBlobThatAReplicaDoesNotSeeYetIsAskedForAgainBeforeTheManifest() throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.harbor().showingBlobsLate(1);

    assertDone(site.sync());
    assertDone(verify("--deep"));
  }

  @Test
  void aTagThatAReplicaDoesNotShowYetCostsItsManifestAndNoBlob() throws Exception {
    site.add("rancher/shell:v1", 1000);
    assertDone(site.sync());
    site.harbor().on("HEAD", "/manifests/v1", 1, error(404, "NOT_FOUND", "artifact not found"));

    assertDone(site.sync());
    assertThat(site.harbor().counts().uploads().values()).containsOnly(1);
  }

  @Test
  void aFullProjectThatHangsUpWhileABlobIsSentIsKnownByItsQuota() throws Exception {
    HarborProject full = site.harbor().project("full").quota(50_000);
    site.add("full/large:v1", 8 * 1024 * 1024);
    site.add("full/other:v1", 8 * 1024 * 1024);
    site.add("wide/shell:v1", 1000);
    site.harbor().hangingUpWhenFull(true);

    Command sync = site.sync("--jobs", "1");

    assertThat(sync.exitCode()).as(sync.out()).isEqualTo(1);
    assertThat(sync.line("full/large")).contains("quota", "project full is full", "of 50000");
    assertThat(sync.line("full/other")).contains("quota", "project full is full");
    assertThat(sync.line("wide/shell")).contains("copied");
    assertThat(full.used()).isLessThanOrEqualTo(50_000);
    assertThat(site.harbor().counts().received()).isLessThan(100_000);
  }

  @Test
  void aRefusalByTheQuotaThatComesAsABadGatewayIsKnownByTheQuota() throws Exception {
    HarborProject full = site.harbor().project("full").quota(50_000);
    site.add("full/large:v1", 200_000);
    site.add("full/other:v1", 200_000);
    site.harbor().hidingRefusals(1);

    Command sync = site.sync("--jobs", "1");

    assertThat(sync.exitCode()).as(sync.out()).isEqualTo(3);
    assertThat(sync.line("full/large")).contains("quota", "project full is full", "of 50000");
    assertThat(sync.line("full/other")).contains("quota", "project full is full");
    assertThat(full.used()).isLessThanOrEqualTo(50_000);
  }

  @Test
  void whoMayNotSeeTheQuotaLearnsOfItWhenTheRefusalIsNotHiddenAnyMore() throws Exception {
    site.harbor().project("full").quota(50_000);
    site.add("full/large:v1", 200_000);
    site.harbor().user("robot$mirror", "S3cret").creatingNone().allow("full", "pull", "push");
    site.harbor().hidingRefusals(2);

    Command sync = site.syncAs("robot$mirror", "S3cret", site.harbor().name(), "--jobs", "1");

    assertThat(sync.line("full/large")).contains("quota", "project full is full");
    assertThat(site.harbor().counts().requests("^PUT .*digest=")).hasSizeBetween(2, 4);
  }

  @Test
  void aMountThatTheQuotaRefusesParksTheProject() throws Exception {
    TestImages.Layer base = site.images().layer("base", 100_000);
    site.add("one/shell:v1", site.images().image(TestImages.AMD64, base));
    site.add("two/shell:v1", site.images().image(TestImages.AMD64, base));
    site.harbor().project("two").quota(10_000);

    Command sync = site.sync("--jobs", "1");

    assertThat(sync.line("one/shell")).contains("copied");
    assertThat(sync.line("two/shell")).contains("quota", "project two is full");
    String mount = "^POST /v2/two/.*mount=.*" + hex(base.descriptor().digest().toString());
    assertThat(site.harbor().counts().requests(mount)).hasSize(1);
    assertThat(site.harbor().counts().uploads())
        .containsEntry(base.descriptor().digest().toString(), 1);
  }

  @Test
  void aManifestThatTheQuotaRefusesParksTheProjectAndARobotNeedsNoRightToDelete() throws Exception {
    site.add("full/shell:v1", 1000);
    site.add("full/other:v1", 200_000);
    site.harbor().project("full").quota(100_000);
    site.harbor().user("robot$mirror", "S3cret").creatingNone().allow("full", "pull", "push");
    site.harbor()
        .on(
            "PUT",
            "/shell/manifests/",
            1,
            error(403, "DENIED", "adding 1 KiB will exceed the configured upper limit of 1 KiB"));

    Command sync = site.syncAs("robot$mirror", "S3cret", site.harbor().name(), "--jobs", "1");

    assertThat(sync.line("full/shell")).contains("quota", "project full is full");
    assertThat(sync.line("full/other")).contains("quota", "project full is full");
  }

  @Test
  void aChunkThatRedisCouldNotNoteBeginsTheBlobAnew() throws Exception {
    site.add("rancher/large:v1", 3 * 1024 * 1024);
    site.harbor().failingAfter("PATCH", "/blobs/uploads/", 1);

    assertDone(site.sync("--chunk-size", "1"));
    assertDone(verify("--deep"));
  }

  @Test
  void aBlobThatTheDatabaseForgotIsSentAgain() throws Exception {
    Manifest manifest = site.add("rancher/shell:v1", 1000);
    String layer = manifest.layers().getFirst().digest().toString();
    site.harbor().failingAfter("PUT", "digest=" + layer.replace(":", "(:|%3A)"), 1);
    // Once when the target is looked through, once after the failure.
    site.harbor().on("HEAD", "/blobs/" + layer, 2, FaultyRegistry.status(404, ""));

    assertDone(site.sync());
    assertThat(site.harbor().counts().uploads()).containsEntry(layer, 2);
  }

  @Test
  void aBlobThatTheDatabaseKnowsInSpiteOfItsErrorIsNotSentAgain() throws Exception {
    Manifest manifest = site.add("rancher/shell:v1", 1000);
    String layer = manifest.layers().getFirst().digest().toString();
    site.harbor().failingAfter("PUT", "digest=" + layer.replace(":", "(:|%3A)"), 1);
    site.harbor().failingAfter("PUT", "/manifests/v1", 1);

    assertDone(site.sync());
    assertThat(site.harbor().counts().uploads().values()).containsOnly(1);
  }

  @Test
  void aChildThatIsMissingInHarborsTableIsPutAgainBeforeItsIndex() throws Exception {
    TestImages images = site.images();
    site.add(
        "rancher/shell:v1",
        images.index(
            images.image(TestImages.AMD64, images.layer("amd64", 100)),
            images.image(TestImages.ARM64, images.layer("arm64", 100))));
    site.harbor().on("PUT", "/manifests/v1", 1, error(404, "NOT_FOUND", "artifact not found"));

    assertDone(site.sync());
    assertThat(site.harbor().counts().requests("^PUT .*/manifests/sha256")).hasSize(4);
    assertThat(site.harbor().counts().uploads().values()).containsOnly(1);
  }

  @Test
  void aMountFromWhereTheBlobIsNotAnyMoreGoesOnAsTheUploadThatItBegan() throws Exception {
    TestImages.Layer base = site.images().layer("base", 600_000);
    site.add("one/shell:v1", site.images().image(TestImages.AMD64, base));
    assertDone(site.sync());
    String digest = base.descriptor().digest().toString();
    delete("/v2/one/shell/blobs/" + digest);
    site.add("two/shell:v1", site.images().image(TestImages.AMD64, base));

    assertDone(site.sync());

    assertThat(site.harbor().counts().requests("^POST /v2/two/.*mount=.*" + hex(digest)))
        .hasSize(1);
    assertThat(site.harbor().counts().requests("^POST /v2/two/shell/blobs/uploads/$"))
        .as("but for the config, if that was not mounted")
        .hasSizeLessThanOrEqualTo(1);
    assertThat(site.harbor().counts().openSessions()).isZero();
  }

  @Test
  void aProjectThatIsDeletedInTheMiddleIsToldInHarborsWords() throws Exception {
    site.add("rancher/shell:v1", 1000);
    site.harbor().project("rancher");
    String gone = "project rancher not found";
    site.harbor().on("POST", "/v2/rancher/", 100, error(401, "UNAUTHORIZED", gone + ": " + gone));

    Command sync = site.sync("--retries", "0");

    assertThat(sync.line("rancher/shell"))
        .contains("denied", "UNAUTHORIZED " + gone + " (request ")
        .doesNotContain(gone + ": " + gone);
  }

  @Test
  void aRobotThatCreatesAProjectAndMayNotPushThereIsTold() throws Exception {
    site.add("library/nginx:v1", 100);
    site.harbor().user("robot$maker", "S3cret").allow("rancher", "pull", "push");

    assertThat(site.syncAs("robot$maker", "S3cret", site.harbor().name()).complaint(3))
        .contains("user robot$maker may not push to project library");
    assertThat(site.harbor().counts().requests("^POST /v2/")).isEmpty();
  }

  @Test
  void aProjectOfDigitsIsNotTakenForTheNumberOfAnother() throws Exception {
    site.harbor().project("other").proxyCache();
    site.add("1/shell:v1", 100);

    assertDone(site.sync());
    assertThat(site.harbor().projects()).contains("1");
  }

  @Test
  void whoSeesNoProjectsIsTold() throws Exception {
    site.add("library/nginx:v1", 100);
    site.harbor().user("olga", "secret").withCliSecret();
    site.harbor().on("GET", "/projects[?]name=", 1, error(403, "FORBIDDEN", "forbidden"));

    assertThat(site.syncAs("olga", "secret", site.harbor().name()).complaint(3))
        .contains("403", "the list of projects", "forbidden");
  }

  @Test
  void aQuotaThatHarborRefusesIsToldInItsWords() throws Exception {
    site.add("library/nginx:v1", 100);

    assertThat(site.sync("--project-quota", "2000T").complaint(2))
        .contains("does not create project library", "storage_limit");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503})
  void aHarborThatStumblesAtTheStartIsAskedAgain(int status) throws Exception {
    site.add("library/nginx:v1", 100);
    site.harbor().on("GET", "/ping$", 1, FaultyRegistry.status(status, "<html>not now</html>"));

    Command sync = site.sync("--retry-max-wait", "0");

    assertDone(sync);
    assertThat(sync.out()).contains("created    project library");
  }

  @Test
  void aHarborThatDoesNotGetUpIsTold() throws Exception {
    site.add("library/nginx:v1", 100);
    site.harbor().on("GET", "/ping$", 100, FaultyRegistry.status(503, ""));

    assertThat(site.sync("--retries", "2", "--retry-max-wait", "0").complaint(3)).contains("503");
    assertThat(site.harbor().counts().requests("/ping$")).hasSize(3);
  }

  @Test
  void aHarborThatSendsPlainHttpOnToHttpsIsToBeNamedSo() throws Exception {
    site.add("library/nginx:v1", 100);
    try (DockerRegistry tls = DockerRegistry.withTls()) {
      String there = "https://" + tls.name() + "/v2/";
      site.harbor().on("GET", "^/v2/$", 9, FaultyRegistry.status(308, "", "Location: " + there));

      assertThat(
              site.sync("--target-plain-http", "--target-ca-file", tls.certificate()).complaint(3))
          .contains("sends all requests on to https", tls.name(), "without --target-plain-http");
    }
  }

  @Test
  void aProxyCacheIsASourceThatHasNothingBeforeItIsAskedForIt() throws Exception {
    Manifest manifest = site.add("cache/library/nginx:v1", 300_000);
    site.harbor().project("cache");
    assertDone(site.sync());
    site.harbor().existing("cache").orElseThrow().proxyCache();
    Path list = Files.writeString(site.file("cache.txt"), site.harbor().name() + "/cache/nginx:v1");
    // The upstream's limit, and a connection that breaks: the rest comes as the whole again.
    site.harbor()
        .on("GET", "/manifests/", 1, error(429, "TOO_MANY_REQUEST", "upstream rate limit"));
    String layer = manifest.layers().getFirst().digest().toString();
    byte[] content = site.images().content(manifest.layers().getFirst().digest());
    site.harbor().on("GET", "/blobs/" + layer, 1, FaultyRegistry.truncated(content, 100_000));

    Command save =
        site.run(
            HarborFront.PASSWORD,
            List.of("save", "--list", list, "--output", site.file("cache.tar")),
            "--username",
            HarborFront.ADMIN,
            "--password-stdin");

    assertDone(save);
    assertThat(site.harbor().counts().requests("^GET /v2/cache/nginx/")).isNotEmpty();
    assertDone(Command.run("verify", "--archive", site.file("cache.tar")));
  }

  @Test
  void aDryRunSaysOfEveryImageWhereItGoes() throws Exception {
    site.add("library/nginx:v1", 100);
    assertDone(site.sync());
    site.add("library/other:v1", 100);
    site.replace("library/gone:v1", site.images().image(TestImages.AMD64));
    for (String method : List.of("HEAD", "GET")) {
      site.harbor().on(method, "/library/gone/", 100, error(403, "DENIED", "no"));
    }

    Command dry = site.sync("--dry-run");

    assertThat(dry.out().lines().filter(line -> line.contains(site.upstream() + "/library/")))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("-> " + site.harbor().name() + "/library/"))
        .anySatisfy(line -> assertThat(line).startsWith("unchanged "))
        .anySatisfy(line -> assertThat(line).startsWith("failed "))
        .anySatisfy(line -> assertThat(line).startsWith("copy "));
  }

  @Test
  void aCheckAgainstAnArchiveCountsAsNoPull() throws Exception {
    Manifest amd64 = site.images().image(TestImages.AMD64);
    Manifest arm64 = site.images().image(TestImages.ARM64);
    site.add("rancher/shell:v1", site.images().index(amd64, arm64));
    site.add("rancher/agent:v1", 1000);
    assertDone(site.sync());
    assertDone(
        Command.run(
            "save",
            "--list",
            site.list(),
            "--output",
            site.file("all.tar"),
            "--failed",
            site.file("failed.txt")));
    int pulls = site.harbor().counts().pulls();

    assertDone(verifyArchive());
    assertThat(site.harbor().counts().pulls()).isEqualTo(pulls);

    // Who wants it deep reads all; and where HEAD tells nothing the content does.
    assertDone(verifyArchive("--deep"));
    assertThat(site.harbor().counts().pulls()).isEqualTo(pulls + 4);
    site.harbor().on("HEAD", "/manifests/", 100, error(405, "UNSUPPORTED", "no"));
    assertDone(verifyArchive());
    assertThat(site.harbor().counts().pulls()).isEqualTo(pulls + 8);
  }

  @Test
  void aCheckAgainstAnArchiveFindsWhatIsMissingOrAnother() throws Exception {
    Manifest arm64 = site.images().image(TestImages.ARM64);
    site.add(
        "rancher/shell:v1",
        site.images()
            .index(site.images().image(TestImages.AMD64, site.images().layer("x", 10)), arm64));
    site.add("rancher/agent:v1", 1000);
    assertDone(site.sync());
    assertDone(
        Command.run(
            "save",
            "--list",
            site.list(),
            "--output",
            site.file("all.tar"),
            "--failed",
            site.file("failed.txt")));
    site.replace("rancher/agent:v1", site.images().image(TestImages.AMD64));
    assertDone(site.sync());
    for (String method : List.of("HEAD", "GET")) {
      site.harbor()
          .on(method, "/manifests/" + arm64.digest(), 100, error(404, "NOT_FOUND", "artifact"));
    }

    Command verify = verifyArchive();

    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.line("rancher/agent")).contains("missing", "its tag shows sha256:");
    assertThat(verify.line("rancher/shell")).contains("missing", arm64.digest().toString());
  }

  private Command verifyArchive(Object... more) throws IOException {
    return site.run(
        HarborFront.PASSWORD,
        List.of(
            "verify",
            "--archive",
            site.file("all.tar"),
            "--registry",
            site.harbor().name(),
            "--username",
            HarborFront.ADMIN,
            "--password-stdin"),
        more);
  }

  private Command verify(Object... more) throws IOException {
    return site.run(
        HarborFront.PASSWORD,
        List.of(
            "verify",
            "--list",
            site.list(),
            "--registry",
            site.harbor().name(),
            "--username",
            HarborFront.ADMIN,
            "--password-stdin"),
        more);
  }

  private void delete(String path) throws Exception {
    String plain = HarborFront.ADMIN + ":" + HarborFront.PASSWORD;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + site.harbor().name() + path))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)))
            .DELETE()
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
    }
  }

  private static String hex(String digest) {
    return digest.substring(digest.indexOf(':') + 1);
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

  private static void assertDone(Command command) {
    assertThat(command)
        .as(command.err() + command.out())
        .extracting(Command::exitCode)
        .isEqualTo(0);
  }
}
