package io.mirrorimages.cli;

import static io.mirrorimages.cli.DoctorIT.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.harbor.HarborFront;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor says of a Harbor: projects, rights, quota, its mode and its disk. */
class HarborDoctorIT {
  @TempDir private Path folder;
  private HarborSite site;
  private boolean filled;

  @BeforeEach
  void start() throws IOException {
    site = new HarborSite(folder);
    site.add("rancher/shell:v1", 20_000);
    site.add("suse/bci:v1", 1000);
    site.harbor().project("rancher");
  }

  @AfterEach
  void stop() {
    // Nothing was made, and nothing left.
    if (!filled) {
      assertThat(site.harbor().counts().requests("^(POST|PUT) /api/|^PUT /v2/")).isEmpty();
      assertThat(site.harbor().counts().uploads()).isEmpty();
    }
    site.close();
  }

  @Test
  void aHarborThatIsWellGetsNoFailure() throws Exception {
    Command doctor = asAdmin("--list", site.list());

    assertThat(doctor.exitCode()).as(doctor.out()).isZero();
    assertThat(line(doctor, "registry")).contains("a Harbor");
    assertThat(line(doctor, "tokens")).startsWith("ok");
    assertThat(line(doctor, "login")).contains("user admin is accepted");
    assertThat(line(doctor, "Harbor")).contains("v2.15.2-test, not in read-only mode");
    assertThat(doctor.out())
        .contains("ok       project     rancher is there, and may be pushed to and pulled from")
        .contains("ok       project     load and sync will create project suse (private)");
    assertThat(line(doctor, "quota")).contains("rancher has 0 B and no quota");
    assertThat(line(doctor, "volume")).contains("40 GB of 100 GB free");
    assertThat(line(doctor, "upload")).contains("1 MiB is taken; the upload was given up again");
    assertThat(site.harbor().counts().openSessions()).isZero();
    assertThat(site.harbor().existing("suse")).isEmpty();
  }

  @Test
  void withoutListAndArchiveTheProjectOfTheRegistryIsLookedAt() throws Exception {
    assertThat(line(asAdmin(), "project")).startsWith("skipped").contains("HOST/PROJECT");

    Command doctor = doctor(HarborFront.ADMIN, HarborFront.PASSWORD, "/rancher");

    assertThat(line(doctor, "project")).startsWith("ok").contains("rancher is there");
    assertThat(line(doctor, "upload")).startsWith("ok");
  }

  @Test
  void missingRightsProjectsAndProxyCachesAreFailures() throws Exception {
    site.add("proxied/nginx:v1", 1000);
    site.harbor().project("suse");
    site.harbor().project("proxied").proxyCache();
    site.harbor()
        .user("robot$mirror", "S3cret")
        .allow("rancher", "pull", "push")
        .allow("suse", "pull")
        .allow("proxied", "pull", "push");
    site.add("gone/image:v1", 1000);

    Command doctor =
        doctor("robot$mirror", "S3cret", "", "--list", site.list(), "--create-projects", "never");

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(doctor.out())
        .contains("ok       project     rancher is there")
        .containsPattern("failure  project     .*robot\\$mirror may not push to project suse")
        .containsPattern("failure  project     proxied is a proxy cache")
        .containsPattern("failure  project     .*the project gone is missing");
    // A robot may not delete, so its uploads stay until Harbor clears them away.
    assertThat(doctor.out()).contains("lets the user give no upload up");
    assertThat(line(doctor, "volume")).startsWith("skipped").contains("administrators");

    Command creating = doctor("robot$mirror", "S3cret", "", "--list", site.list());
    assertThat(creating.out()).contains("load and sync will create project gone (private)");
    site.harbor().adminsOnly(true);
    assertThat(
            line(doctor("robot$mirror", "S3cret", "", "--list", site.list()), "project", "warning"))
        .contains("the project gone is missing", "only if it was given project:create");
  }

  @Test
  void aRobotOfAProjectIsToldThatItCanCreateNone() throws Exception {
    site.harbor().user("robot$rancher+mirror", "S3cret").allow("rancher", "pull", "push");

    Command doctor = doctor("robot$rancher+mirror", "S3cret", "", "--list", site.list());

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(line(doctor, "project", "failure"))
        .contains("the project suse is missing", "a robot of a project can't create any");
    assertThat(line(doctor, "quota", "skipped"))
        .contains("the user may not see the quota of rancher", "project:read and quota:read");
    site.harbor().user("robot$all", "S3cret").allow("rancher", "pull", "push");
    site.harbor()
        .user("robot$seeing", "S3cret")
        .allow("rancher", "pull", "push")
        .seeing("rancher", "project", "quota");
    assertThat(line(doctor("robot$seeing", "S3cret", "/rancher"), "quota"))
        .contains("rancher has 0 B and no quota");
  }

  @Test
  void whatKeepsImagesFromBeingPulledOrReplacedOrKeptIsMentioned() throws Exception {
    site.harbor().project("rancher").wantingSignatures().retaining().immutable();
    site.harbor().project("suse").preventingPulls();

    Command doctor = asAdmin("--list", site.list());

    assertThat(doctor.exitCode()).as(doctor.out()).isZero();
    assertThat(doctor.out())
        .containsPattern("warning  project     rancher lets only images be pulled that are signed")
        .containsPattern("warning  project     rancher has a retention policy")
        .containsPattern("warning  project     rancher has rules that make tags immutable")
        .containsPattern("warning  project     suse lets only images be pulled that were scanned");
  }

  @Test
  void namesThatHarborRefusesAreFailuresBesideTheOtherProjects() throws Exception {
    site.add("odd--name/nginx:v1", 1000);

    Command doctor = asAdmin("--list", site.list());

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(line(doctor, "project", "failure"))
        .contains("two separators in a row", "odd--name/nginx:v1", "--map");
    assertThat(doctor.out())
        .contains("ok       project     rancher is there")
        .contains("will create project suse");
    assertThat(line(doctor, "quota")).contains("rancher has 0 B and no quota");
    assertThat(line(doctor, "upload")).startsWith("ok");
  }

  @Test
  void aDiskWithoutLimitIsNotCountedInBytes() throws Exception {
    site.harbor().volume(Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(line(asAdmin("--list", site.list()), "volume"))
        .startsWith("ok")
        .contains("disk is unlimited");
  }

  @Test
  void aDiskThatIsFullIsAFailureAndOneThatIsUnknownIsNot() throws Exception {
    site.harbor().volume(1_048_576, 0);
    Command full = asAdmin("--list", site.list());
    assertThat(full.exitCode()).isEqualTo(1);
    assertThat(line(full, "volume")).startsWith("failure").contains("0 B of 1.0 MB free", "full");

    site.harbor().volume(0, 0);
    assertThat(line(asAdmin("--list", site.list()), "volume"))
        .startsWith("skipped")
        .contains("does not know how full its disk is");
  }

  @Test
  void whereOnlyAdministratorsCreateProjectsWhoIsNoneIsToldSo() throws Exception {
    site.harbor().adminsOnly(true);
    site.harbor().user("carol", "S3cret").allow("rancher", "pull", "push", "delete");

    Command doctor = doctor("carol", "S3cret", "", "--list", site.list());

    assertThat(doctor.exitCode()).as(doctor.out()).isEqualTo(1);
    assertThat(line(doctor, "project", "failure"))
        .contains("only administrators create projects", "user carol is none");
    assertThat(asAdmin("--list", site.list()).out())
        .contains("ok       project     load and sync will create project suse (private)");
  }

  @Test
  void readOnlyModeIsAFailureAndNothingIsTried() throws Exception {
    site.harbor().readOnly(true);

    Command doctor = asAdmin("--list", site.list());

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(line(doctor, "Harbor")).startsWith("failure").contains("read-only mode");
    assertThat(line(doctor, "upload")).startsWith("skipped").contains("failure of Harbor");
    assertThat(site.harbor().counts().requests("^POST")).isEmpty();
  }

  @Test
  void aWrongPasswordIsShownOnceAndNothingElseAsked() throws Exception {
    Command doctor = doctor(HarborFront.ADMIN, "wrong", "", "--list", site.list());

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(line(doctor, "login")).startsWith("failure").contains("refuses user admin");
    assertThat(line(doctor, "project")).startsWith("skipped");
    // One by nobody, to see whether the service answers.
    assertThat(site.harbor().counts().requests("^GET /service/token")).hasSize(2);
  }

  @Test
  void quotaIsComparedWithWhatTheArchiveHas() throws Exception {
    Path archive = save("images.tar");
    assertThat(line(asAdmin("--archive", archive, "--project-quota", "1k"), "quota", "failure"))
        .contains("suse will get a quota of 1.0 kB, and its images have", "--project-quota");

    site.harbor().project("rancher").quota(1_000_000);
    site.harbor().project("suse").quota(1_000_000);

    Command roomy = asAdmin("--archive", archive);
    assertThat(roomy.exitCode()).as(roomy.out()).isZero();
    assertThat(roomy.out()).containsPattern("ok +quota +rancher has 0 B of 1.0 MB; at most 2. kB");

    site.harbor().project("rancher").quota(15_000);
    Command narrow = asAdmin("--archive", archive);
    assertThat(narrow.exitCode()).isEqualTo(1);
    assertThat(line(narrow, "quota", "failure"))
        .contains("rancher has 0 B of 15 kB, and its images alone have 2", "raise the quota");
    assertThat(line(narrow, "quota", "ok")).contains("suse");

    assertThat(line(asAdmin("--list", site.list()), "quota"))
        .startsWith("ok")
        .contains("known with --archive only");
    site.harbor().project("rancher").quota(0);
    assertThat(line(asAdmin("--list", site.list()), "quota", "failure")).contains("it is full");
  }

  @Test
  void whatIsThereAlreadyNeedsNoMoreRoom() throws Exception {
    site.harbor().project("suse");
    assertThat(site.sync().exitCode()).isZero();
    filled = true;
    long used = site.harbor().project("rancher").used();
    site.harbor().project("rancher").quota(used + 5000);

    Command same = asAdmin("--archive", save("same.tar"));
    assertThat(line(same, "quota")).startsWith("ok").contains("at most 0 B will be added");

    // Which of its blobs are there is not known: there may be room for the new one, or not.
    site.replace("rancher/shell:v1", other(15_000));
    Command other = asAdmin("--archive", save("other.tar"));
    assertThat(other.exitCode()).isZero();
    assertThat(line(other, "quota", "warning")).contains("are to be added: it may not do");
  }

  private Manifest other(int size) {
    return site.images().image(TestImages.AMD64, site.images().layer("other", size));
  }

  private Path save(String name) throws IOException {
    Path archive = folder.resolve(name);
    Command save =
        Command.run(
            "save", "--list", site.list(), "--output", archive, "--failed", folder.resolve("f"));
    assertThat(save.exitCode()).as(save.err()).isZero();
    return archive;
  }

  private Command asAdmin(Object... more) {
    return doctor(HarborFront.ADMIN, HarborFront.PASSWORD, "", more);
  }

  private Command doctor(String user, String password, String project, Object... more) {
    return site.run(
        password,
        List.of(
            "doctor",
            "--registry",
            site.harbor().name() + project,
            "--username",
            user,
            "--password-stdin",
            "--probe-size",
            1),
        more);
  }
}
