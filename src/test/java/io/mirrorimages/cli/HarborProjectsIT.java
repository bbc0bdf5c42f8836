package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.harbor.HarborFront;
import io.mirrorimages.testing.harbor.HarborProject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Projects are there before anything is sent, or it is said at once what is missing. */
class HarborProjectsIT {
  private static final String CREATIONS = "^POST /api/v2.0/projects";
  private static final String UPLOADS = "^POST /v2/";

  @TempDir private Path folder;
  private HarborSite site;

  @BeforeEach
  void start() throws IOException {
    site = new HarborSite(folder);
    site.add("rancher/shell:v1", 2000);
    site.add("library/nginx:v1", 1000);
    site.harbor().project("rancher");
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void createsWhatIsMissingAndSendsEachBlobOnce() throws Exception {
    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(sync.out()).contains("created    project library (private)");
    assertThat(site.harbor().existing("library").orElseThrow().isPublic()).isFalse();
    assertThat(site.harbor().counts().uploads()).hasSize(4).allSatisfy((d, n) -> assertOne(n));
    assertThat(site.harbor().counts().openSessions()).isZero();

    assertThat(site.sync().out()).contains("2 unchanged").doesNotContain("created");
    assertThat(site.harbor().counts().requests(CREATIONS)).hasSize(1);
  }

  @Test
  void loadsAnArchiveInTheSameWay() throws Exception {
    Path archive = folder.resolve("images.tar");
    assertThat(Command.run("save", "--list", site.list(), "--output", archive).exitCode()).isZero();

    Command load =
        site.run(
            HarborFront.PASSWORD,
            List.of("load", "--archive", archive, "--registry", site.harbor().name()),
            "--username",
            HarborFront.ADMIN,
            "--password-stdin",
            "--create-projects",
            "public");

    assertThat(load).as(load.err() + load.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(load.out()).contains("created    project library (public)");
    assertThat(site.harbor().existing("library").orElseThrow().isPublic()).isTrue();
  }

  @Test
  void aDryRunSaysWhatWouldBeCreatedAndCreatesNothing() throws Exception {
    site.harbor().project("rancher").quota(1_000_000);
    Command dry = site.sync("--dry-run", "--create-projects=public");

    assertThat(dry).as(dry.err() + dry.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(dry.out())
        .contains("create     project library (public)", "images to copy       2")
        .containsPattern("(?m)^quota +project rancher: 0 of 1M used, up to \\d+ are added$")
        .doesNotContain("create     project rancher");
    assertThat(site.harbor().existing("library")).isEmpty();
    assertThat(site.harbor().counts().requests(CREATIONS + "|" + UPLOADS)).isEmpty();
  }

  @Test
  void aDryRunForeseesThatTheCreationMayBeRefused() throws Exception {
    site.harbor().adminsOnly(true);

    site.harbor().user("carol", "secret").allow("rancher", "pull", "push");
    Command dry = site.syncAs("carol", "secret", site.harbor().name(), "--dry-run");

    assertThat(dry.complaint(0)).contains("the project library is missing", "user carol is none");
    assertThat(dry.out()).contains("create     project library (private)");
    assertThat(site.syncAs("carol", "secret", site.harbor().name()).complaint(3))
        .contains("the project library is missing", "user carol may not create projects");
    assertThat(site.sync().exitCode()).as("an administrator may").isZero();
  }

  @Test
  void quietlyCreatesWithoutAWord() throws Exception {
    Command sync = site.sync("--quiet");

    assertThat(sync.exitCode()).isZero();
    assertThat(sync.out()).doesNotContain("created");
    assertThat(site.harbor().existing("library")).isPresent();
  }

  @Test
  void withNeverItNamesWhatIsMissingAndSendsNothing() throws Exception {
    site.add("suse/bci:v1", 100);

    assertThat(site.sync("--create-projects=never").complaint(3))
        .contains("the projects library, suse are missing", "--create-projects=never");
    assertThat(site.harbor().counts().requests(CREATIONS + "|" + UPLOADS)).isEmpty();
  }

  @Test
  void whoMayNotCreateIsToldWhatAnAdministratorHasToCreate() throws Exception {
    site.add("suse/bci:v1", 100);
    site.harbor().user("robot$rancher+mirror", "S3cret").allow("rancher", "pull", "push");

    Command sync = site.syncAs("robot$rancher+mirror", "S3cret", site.harbor().name());

    assertThat(sync.complaint(3))
        .contains("the projects library, suse are missing", "robot$rancher+mirror");
    assertThat(site.harbor().counts().requests(UPLOADS)).isEmpty();
    assertThat(folder.resolve("failed.txt")).content().contains("suse/bci:v1");
  }

  @Test
  void aProjectThatSomebodyElseCreatesMeanwhileIsAsGood() throws Exception {
    site.harbor().project("library");
    site.harbor().on("HEAD", "project_name=library", 1, FaultyRegistry.status(404, ""));

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(sync.out()).contains("found      project library, which was just created");
  }

  @Test
  void anAnswerThatIsLostAfterTheCreationDoesNoHarm() throws Exception {
    site.harbor()
        .on(
            "POST",
            "^/api/v2.0/projects$",
            1,
            exchange -> {
              exchange.getRequestBody().readAllBytes();
              site.harbor().project("library");
              FaultyRegistry.respond(exchange, 502, new byte[0]);
            });

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
  }

  @Test
  void aCliSecretOfOidcFindsProjectsByTheList() throws Exception {
    for (int i = 0; i < 120; i++) {
      site.harbor().project("a-library-" + i);
    }
    site.harbor()
        .user("olga", "secret")
        .withCliSecret()
        .allow("rancher", "pull", "push")
        .allow("a-library-7", "pull");

    Command sync = site.syncAs("olga", "secret", site.harbor().name());

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(sync.out()).contains("created    project library (private)");
  }

  @Test
  void setsTheQuotaAndSaysWhenHarborDidNot() throws Exception {
    assertThat(site.sync("--project-quota", "1G").exitCode()).isZero();
    HarborProject library = site.harbor().existing("library").orElseThrow();
    assertThat(library.quota()).isEqualTo(1_000_000_000);

    site.add("suse/bci:v1", 100);
    site.harbor()
        .user("carol", "secret")
        .allow("rancher", "pull", "push")
        .allow("library", "pull", "push");
    Command sync = site.syncAs("carol", "secret", site.harbor().name(), "--project-quota", "1G");
    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(sync.complaints())
        .singleElement()
        .asString()
        .contains("the quota of project suse is unlimited");
    assertThat(sync.out()).contains("created    project suse (private)");
  }

  @Test
  void namesThatHarborRefusesAreRefusedBeforeAnythingIsSent() throws Exception {
    site.add("a__b/x:v1", 100);
    assertThat(site.sync().complaint(2)).contains("a__b/x:v1", "--registry HOST/PROJECT");

    assertThat(site.harbor().counts().requests(CREATIONS + "|" + UPLOADS)).isEmpty();
    Command below =
        site.syncAs(HarborFront.ADMIN, HarborFront.PASSWORD, site.harbor().name() + "/all");
    assertThat(below).as(below.err() + below.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(below.out()).contains("created    project all (private)");
  }

  @Test
  void aSingleNameIsRefusedWithTheRemedy() throws Exception {
    site.add("pause:3.9", 100);

    assertThat(site.sync().complaint(2)).contains("pause:3.9", "--registry HOST/PROJECT");
  }

  @Test
  void byRegistryGivesEachRegistryAProjectAndSingleNamesOne() throws Exception {
    site.add("pause:3.9", 100);
    String project = site.upstream().replace(':', '-');

    Command sync = site.sync("--mapping", "by-registry");

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(sync.out()).contains("created    project " + project + " (private)");
    Command dry = site.sync("--mapping", "by-registry", "--map", "^[^/]+/=k/", "--dry-run");
    assertThat(dry.out()).contains("-> " + site.harbor().name() + "/k/pause:3.9");
    Command verify =
        site.run(
            HarborFront.PASSWORD,
            List.of("verify", "--list", site.list(), "--registry", site.harbor().name()),
            "--mapping=by-registry",
            "--username",
            HarborFront.ADMIN,
            "--password-stdin");
    assertThat(verify).as(verify.err() + verify.out()).extracting(Command::exitCode).isEqualTo(0);
  }

  @Test
  void withoutAUserItSaysThatHarborWantsOne() throws Exception {
    Command sync =
        site.run("", List.of("sync", "--list", site.list(), "--registry", site.harbor().name()));

    assertThat(sync.complaint(3)).contains("is a Harbor", "docker login");
  }

  private static void assertOne(int uploads) {
    assertThat(uploads).isEqualTo(1);
  }
}
