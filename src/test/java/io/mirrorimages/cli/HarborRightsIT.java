package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.harbor.HarborFront;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong password, a missing right and a missing project are told apart, at the start. */
class HarborRightsIT {
  private static final String UPLOADS = "^POST /v2/";

  @TempDir private Path folder;
  private HarborSite site;

  @BeforeEach
  void start() throws IOException {
    site = new HarborSite(folder);
    site.add("rancher/shell:v1", 2000);
    site.add("suse/bci:v1", 1000);
    site.harbor().project("rancher");
    site.harbor().project("suse");
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void aWrongPasswordIsTriedOnceAndSaid() throws Exception {
    Command sync = site.syncAs(HarborFront.ADMIN, "wrong", site.harbor().name());

    assertThat(sync.complaint(3)).contains("refuses user admin", "check the credentials");
    assertThat(site.harbor().counts().requests("^GET /service/token")).hasSize(1);
    assertThat(site.harbor().counts().requests("projects|" + UPLOADS)).isEmpty();
  }

  @Test
  void aRightThatIsMissingIsSaidWithItsProjects() throws Exception {
    site.harbor()
        .user("robot$mirror", "S3cret")
        .allow("rancher", "pull", "push")
        .allow("suse", "pull");

    Command sync = site.syncAs("robot$mirror", "S3cret", site.harbor().name());

    assertThat(sync.complaint(3))
        .contains("user robot$mirror may not push to project suse", "pull and push");
    assertThat(site.harbor().counts().requests(UPLOADS)).isEmpty();
  }

  @Test
  void aRobotThatMayPushAndNotPullIsToldSo() throws Exception {
    site.harbor()
        .user("robot$rancher+mirror", "S3cret")
        .allow("rancher", "pull", "push")
        .allow("suse", "push");

    assertThat(site.syncAs("robot$rancher+mirror", "S3cret", site.harbor().name()).complaint(3))
        .contains("may not pull from project suse");
  }

  @Test
  void aRobotOfAProjectThatHasItsRightsDoesTheWork() throws Exception {
    site.harbor()
        .user("robot$rancher+mirror", "S3cret")
        .creatingNone()
        .allow("rancher", "pull", "push");

    Command sync = site.syncAs("robot$rancher+mirror", "S3cret", site.harbor().name() + "/rancher");

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
  }

  @Test
  void aDollarThatTheShellTookAwayAndARobotThatExpiredAreThoughtOf() throws Exception {
    assertThat(site.syncAs("robot", "S3cret", site.harbor().name()).complaint(3))
        .contains("refuses user robot", "single quotes");
    assertThat(site.syncAs("robot$old", "S3cret", site.harbor().name()).complaint(3))
        .contains("refuses user robot$old", "expired");
  }

  @Test
  void tokensThatRunOutInTheMiddleAreRenewedByWhatWasAskedForAtFirst() throws Exception {
    for (int i = 0; i < 5; i++) {
      site.add("suse/image-" + i + ":v1", 1000);
    }
    site.harbor().tokensLastingRequests(4);

    Command sync = site.sync();

    assertThat(sync).as(sync.err() + sync.out()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(site.harbor().counts().uploads()).hasSize(14);
  }

  @Test
  void aTokenThatStaysRefusedIsNotAskedForWithoutEnd() throws Exception {
    site.harbor().project("suse").createdInSeconds(3600);

    Command sync = site.sync("--retries", "0");

    assertThat(sync.exitCode()).isEqualTo(1);
    assertThat(sync.line("suse/bci:v1")).contains("failed", "denied");
    assertThat(sync.line("rancher/shell:v1")).contains("copied");
    assertThat(site.harbor().counts().requests("^GET /service/token")).hasSizeLessThan(8);
  }
}
