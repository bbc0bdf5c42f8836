package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.harbor.HarborAdministrator;
import io.mirrorimages.testing.harbor.HarborAdministrator.Robot;
import io.mirrorimages.testing.harbor.HarborFront;
import io.mirrorimages.testing.harbor.HarborServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds at any Harbor: at the double by default, and at a real one that {@link
 * HarborServer#given} names. Only its API brings situations about, in projects of the tests' own,
 * which are cleared away after each. What others would notice is left out at a real one unless it
 * is asked for: read-only mode by {@code -Dharbor.readonly=true}.
 */
class AnyHarborIT {
  @TempDir private Path folder;
  private ListedImages site;
  private Optional<DockerRegistry> behind = Optional.empty();
  private Optional<HarborFront> front = Optional.empty();
  private HarborServer harbor;
  private HarborAdministrator administrator;

  @BeforeEach
  void start() throws IOException {
    if (HarborServer.given().isEmpty()) {
      behind = Optional.of(DockerRegistry.open());
      front = Optional.of(new HarborFront(behind.get()));
    }
    harbor = HarborServer.given().orElseGet(() -> HarborServer.of(front.orElseThrow()));
    administrator = new HarborAdministrator(harbor);
    site = new ListedImages(folder);
  }

  @AfterEach
  void stop() {
    try {
      if (site != null) {
        site.close();
      }
      if (administrator != null) {
        administrator.close();
      }
      front.ifPresent(
          harborFront -> {
            assertThat(harborFront.projects()).as("left behind").isEmpty();
            harborFront.close();
            assertThat(harborFront.counts().tagsBeforeBlobs()).isZero();
            assertThat(harborFront.counts().secretsElsewhere()).isZero();
          });
    } finally {
      behind.ifPresent(DockerRegistry::close);
    }
  }

  @Test
  void missingProjectsAreCreatedPrivateAndFilledAndASecondRunHasNothingToDo() throws Exception {
    String there = administrator.project("there");
    String missing = administrator.projectName("missing");
    site.add(there + "/shell:v1", 2000);
    site.add(missing + "/a/b/nginx:v1", index());

    Command sync = sync();

    assertDone(sync);
    assertThat(sync.out()).contains("created    project " + missing + " (private)");
    assertThat(administrator.isPublic(missing)).isFalse();
    assertThat(sync().out()).contains("2 unchanged").doesNotContain("created");
    assertDone(verify("--deep"));
  }

  @Test
  void projectsAreCreatedPublicWithTheQuotaThatAnAdministratorAsksFor() throws Exception {
    String missing = administrator.projectName("missing");
    site.add(missing + "/shell:v1", 1000);

    assertDone(sync("--create-projects", "public", "--project-quota", "1G"));

    assertThat(administrator.isPublic(missing)).isTrue();
    assertThat(administrator.quota(missing)).isEqualTo(1_000_000_000);
  }

  @Test
  void aDryRunAndARunThatMayCreateNothingLeaveNothing() throws Exception {
    String missing = administrator.projectName("missing");
    site.add(missing + "/shell:v1", 1000);

    Command dry = sync("--dry-run");
    assertDone(dry);
    assertThat(dry.out())
        .contains("create     project " + missing, harbor.name() + "/" + missing + "/shell:v1");
    assertThat(sync("--create-projects", "never").complaint(3))
        .contains("the project " + missing + " is missing");
    assertThat(administrator.hasProject(missing)).isFalse();
  }

  @Test
  void anArchiveIsLoadedIntoOneProjectInPiecesThatCountAsTheyShould() throws Exception {
    String project = administrator.project("all", 1_000_000_000);
    site.add("rancher/large:v1", 3 * 1024 * 1024);
    site.add("pause:3.9", 1000);
    Path archive = site.file("images.tar");
    assertThat(Command.run("save", "--list", site.list(), "--output", archive).exitCode()).isZero();

    Command load =
        site.run(
            harbor.password(),
            arguments("load", "--archive", archive, "--registry", harbor.name() + "/" + project),
            "--chunk-size",
            "1");

    assertDone(load);
    // Counted by a job of its own where quotas are kept in Redis.
    await(() -> administrator.used(project) > 3 * 1024 * 1024);
    assertThat(administrator.used(project)).isLessThan(4 * 1024 * 1024);
  }

  @Test
  void aFullProjectIsToldAndTheOthersGoOnAndWithRoomTheRestFollows() throws Exception {
    String full = administrator.project("full", 50_000);
    String wide = administrator.project("wide");
    site.add(full + "/large:v1", 8 * 1024 * 1024);
    site.add(full + "/other:v1", 200_000);
    site.add(wide + "/shell:v1", 1000);

    Command sync = sync();

    assertThat(sync.exitCode()).as(sync.out()).isEqualTo(1);
    assertThat(sync.line(wide + "/shell:v1")).contains("copied");
    assertThat(sync.line(full + "/large:v1")).contains("quota", "project " + full + " is full");
    assertThat(sync.line(full + "/other:v1")).contains("quota", "project " + full + " is full");
    assertThat(administrator.used(full)).isLessThanOrEqualTo(50_000);

    administrator.setQuota(full, 100_000_000);
    await(() -> administrator.quota(full) == 100_000_000);
    assertDone(sync());
    assertDone(verify());
  }

  @Test
  void anImmutableTagIsDoneIfItIsTheSameImageAndToldIfItIsAnother() throws Exception {
    String project = administrator.project("fixed");
    Manifest before = site.add(project + "/shell:v1", 1000);
    assertDone(sync());
    administrator.makeImmutable(project);
    assertThat(sync().out()).contains("1 unchanged");

    Manifest after = site.replace(project + "/shell:v1", image("other", 500));
    Command sync = sync();

    assertThat(sync.exitCode()).isEqualTo(3);
    assertThat(sync.line(project + "/shell"))
        .contains("may not be changed", before.digest().toString(), after.digest().toString());
  }

  @Test
  void aRobotOfAProjectDoesItsWorkThereAndIsToldOfWhatItMayNot() throws Exception {
    String own = administrator.project("own");
    String other = administrator.project("other");
    Robot robot = administrator.robotOf(own, "pull", "push");
    site.add(own + "/shell:v1", 1000);
    assertDone(syncAs(robot));

    site.add(other + "/shell:v1", 1000);
    assertThat(syncAs(robot).complaint(3))
        .contains("user " + robot.name() + " may not push to project " + other);
  }

  @Test
  void aRobotThatMayPullOnlyAndOneThatMayPushOnlyAreToldSo() throws Exception {
    String one = administrator.project("one");
    String two = administrator.project("two");
    site.add(one + "/shell:v1", 1000);
    site.add(two + "/shell:v1", 1000);

    Robot reader = administrator.robotOf(one, List.of("pull", "push"), two, List.of("pull"));
    assertThat(syncAs(reader).complaint(3)).contains("may not push to project " + two);
    Robot writer = administrator.robotOf(one, List.of("pull", "push"), two, List.of("push"));
    assertThat(syncAs(writer).complaint(3)).contains("may not pull from project " + two);
  }

  @Test
  void aRobotOfTheSystemCreatesProjectsAndOneOfAProjectIsToldWhatIsMissing() throws Exception {
    String missing = administrator.projectName("missing");
    site.add(missing + "/shell:v1", 1000);

    // One of the system may create them without being given the right, where everyone may.
    Robot other = administrator.robotOf(administrator.project("other"), "pull", "push");
    assertThat(syncAs(other).complaint(3))
        .contains("the project " + missing + " is missing", other.name(), "administrator");
    Command sync = syncAs(administrator.robotThatCreatesProjects());
    assertDone(sync);
    assertThat(sync.out()).contains("created    project " + missing);
  }

  @Test
  void whoIsNotKnownOrNotAnyMoreIsToldAtOnce() throws Exception {
    String project = administrator.project("own");
    site.add(project + "/shell:v1", 1000);
    Robot robot = administrator.robotOf(project, "pull", "push");
    administrator.remove(robot);

    String refusal = syncAs(robot).complaint(3);
    assertThat(refusal).contains("refuses user " + robot.name());
    if (robot.name().startsWith("robot$")) {
      assertThat(refusal).contains("expired");
    }
    // Nobody's name: a person's would be locked for a moment, and the tests use one.
    assertThat(syncAs("nobody-" + project, "Wrong12345").complaint(3))
        .contains("refuses user nobody");
  }

  @Test
  void aLayerThatProjectsShareIsMountedAndAllImagesAreWhole() throws Exception {
    TestImages.Layer base = site.images().layer("base", 200_000);
    List<String> projects = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      projects.add(administrator.project("shared-" + i));
      site.add(
          projects.getLast() + "/shell:v1",
          site.images().image(TestImages.AMD64, base, site.images().layer("own-" + i, 1000)));
    }

    Command sync = sync();

    assertDone(sync);
    assertDone(verify("--deep"));
    for (String project : projects) {
      await(() -> administrator.used(project) > 200_000);
    }
    front.ifPresent(
        harborFront ->
            assertThat(harborFront.counts().uploads().values()).containsOnly(1).hasSize(9));
  }

  @Test
  void indexesDockersOwnImagesAndArtifactsKeepTheirDigests() throws Exception {
    String project = administrator.project("kinds");
    site.add(project + "/index:v1", index());
    site.add(
        project + "/docker:v1",
        site.images().dockerImage(TestImages.AMD64, site.images().layer("docker", 500)));
    site.add(
        project + "/chart:v1",
        site.images()
            .artifact(
                "application/vnd.cncf.helm.config.v1+json",
                "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
                new byte[] {1, 2, 3}));

    assertDone(sync());
    assertDone(verify("--deep"));
    assertThat(sync().out()).contains("3 unchanged");
  }

  @Test
  void whatRefersToAnImageIsFoundThereThoughItComesFirst() throws Exception {
    String project = administrator.project("signed");
    Manifest image = image("signed", 500);
    String signature =
        """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
         "artifactType": "application/vnd.example.signature.v1+json",
         "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s", "size": 2},
         "layers": [{"mediaType": "text/plain", "digest": "%s", "size": 3}],
         "subject": {"mediaType": "%s", "digest": "%s", "size": %d}}\
        """
            .formatted(
                site.images().blob("", "{}".getBytes(StandardCharsets.UTF_8)).digest(),
                site.images().blob("", new byte[] {1, 2, 3}).digest(),
                image.mediaType(),
                image.digest(),
                image.bytes().length);
    Manifest referring = site.images().manifest(signature.getBytes(StandardCharsets.UTF_8));
    site.add(project + "/a/shell:signature", referring);
    site.add(project + "/a/shell:v1", image);

    assertDone(sync("--jobs", "1"));

    assertThat(administrator.referrers(project + "/a/shell", image.digest().toString()))
        .containsExactly(referring.digest().toString());
    assertThat(sync().out()).contains("2 unchanged");
  }

  @Test
  void anIndexOfFewerPlatformsIsTaken() throws Exception {
    String project = administrator.project("platforms");
    site.add(project + "/shell:v1", index());

    assertDone(sync("--platform", "linux/amd64", "--platform", "linux/arm64"));
    assertDone(sync("--platform", "linux/arm64"));
  }

  @Test
  void anImageMovesFromOneProjectToAnother() throws Exception {
    String from = administrator.project("from");
    String to = administrator.project("to");
    site.add(from + "/a/b/shell:v1", index());
    assertDone(sync());
    Path list = site.file("list-of-harbor.txt");
    java.nio.file.Files.writeString(list, harbor.name() + "/" + from + "/a/b/shell:v1\n");
    Robot robot = administrator.robotOf(from, "pull", "push");

    Command save =
        site.run(
            robot.secret(),
            List.of("save", "--list", list, "--output", site.file("from.tar")),
            with(harbor.options("source"), "--username", robot.name(), "--password-stdin"));
    assertDone(save);
    Command load =
        site.run(
            harbor.password(),
            arguments(
                "load", "--archive", site.file("from.tar"), "--registry", harbor.name() + "/" + to),
            "--map",
            "^[^/]+/=moved/");
    assertDone(load);
  }

  @Test
  void namesThatHarborRefusesAreToldBeforeAnythingIsSentAndFitBelowAProject() throws Exception {
    site.add("a__b/x:v1", 100);
    assertThat(sync().complaint(2)).contains("a__b/x:v1", "--registry HOST/PROJECT");

    String project = administrator.project("below");
    assertDone(syncTo(harbor.name() + "/" + project, harbor.username(), harbor.password()));
  }

  @Test
  void aProxyCacheIsNamedBeforeAnythingIsSent() throws Exception {
    Optional<String> cache = administrator.proxyCache("cache");
    assumeTrue(cache.isPresent(), "this Harbor does not reach itself, so it caches nothing");
    site.add(cache.get() + "/shell:v1", 1000);

    assertThat(sync().complaint(3)).contains("nothing can be pushed to " + cache.get());
  }

  @Test
  void readOnlyModeEndsARunBeforeItBegins() throws Exception {
    assumeTrue(
        front.isPresent() || HarborServer.isAllowed("readonly"),
        "others would notice it: -Dharbor.readonly=true");
    String project = administrator.project("locked");
    site.add(project + "/shell:v1", 1000);
    administrator.readOnly();
    await(administrator::isReadOnly);

    assertThat(sync().complaint(3)).contains("read-only mode");
    administrator.readOnly(false);
    await(() -> !administrator.isReadOnly());
    assertDone(sync());
  }

  private Manifest image(String name, int size) {
    return site.images().image(TestImages.AMD64, site.images().layer(name, size));
  }

  private Manifest index() {
    TestImages images = site.images();
    return images.index(
        image("amd64", 300),
        images.image(TestImages.ARM64, images.layer("arm64", 300)),
        images.image(Platform.parse("linux/s390x"), images.layer("s390x", 300)));
  }

  private Command sync(Object... more) throws IOException {
    return syncTo(harbor.name(), harbor.username(), harbor.password(), more);
  }

  private Command syncAs(String user, String password) throws IOException {
    return syncTo(harbor.name(), user, password);
  }

  private Command syncAs(Robot robot) throws IOException {
    return syncTo(harbor.name(), robot.name(), robot.secret());
  }

  private Command syncTo(String registry, String user, String password, Object... more)
      throws IOException {
    List<Object> arguments =
        new ArrayList<>(List.of("sync", "--list", site.list(), "--registry", registry));
    arguments.addAll(List.of("--target-username", user, "--target-password-stdin"));
    arguments.addAll(harbor.options("target"));
    return site.run(password, arguments, more);
  }

  private Command verify(Object... more) throws IOException {
    return site.run(
        harbor.password(),
        arguments("verify", "--list", site.list(), "--registry", harbor.name()),
        more);
  }

  /** A command of one side, as the administrator. */
  private List<Object> arguments(Object... command) {
    List<Object> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--username", harbor.username(), "--password-stdin"));
    arguments.addAll(harbor.options("target"));
    return arguments;
  }

  private static Object[] with(List<Object> some, Object... more) {
    List<Object> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return all.toArray();
  }

  private static void assertDone(Command command) {
    assertThat(command)
        .as(command.err() + command.out())
        .extracting(Command::exitCode)
        .isEqualTo(0);
  }

  /** Something that a Harbor does in its own time. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("not within a minute").isLessThan(end);
      Thread.sleep(200);
    }
  }
}
