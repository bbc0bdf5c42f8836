package io.mirrorimages.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenUploadsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final String PLACE = "harbor.example.com:8443/team/a";
  private static final Repository REPOSITORY = new Repository("harbor.example.com:8443", "team/a");
  private static final Digest BLOB = Digest.parse("sha256:" + "a".repeat(64));
  private static final OpenUpload UPLOAD =
      new OpenUpload("https://harbor.example.com:8443/v2/x?_state=a%2Fb+c==", 1 << 25, 5000);

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void name() {
    folder = temporary.resolve("state");
  }

  @Test
  void whatOneRunNotesTheNextOneFinds() throws IOException {
    try (OpenUploads first = open(NOW)) {
      assertThat(first.find(REPOSITORY, BLOB)).isEmpty();
      first.note(REPOSITORY, BLOB, UPLOAD);
    }
    try (OpenUploads second = open(NOW)) {
      assertThat(second.find(REPOSITORY, BLOB)).contains(UPLOAD);
      assertThat(second.bytes()).isEqualTo(UPLOAD.offset());
      second.forget(REPOSITORY, BLOB);
    }
    try (OpenUploads third = open(NOW)) {
      assertThat(third.find(REPOSITORY, BLOB)).isEmpty();
    }
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    Files.createDirectories(folder.resolve("uploads"));
    try (OpenUploads uploads = open(NOW)) {
      uploads.note(REPOSITORY, BLOB, UPLOAD);
      assertThat(rights(folder.resolve("uploads"))).isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(folder.resolve("uploads"))) {
        assertThat(files)
            .filteredOn(file -> file.toString().endsWith(".json"))
            .hasSize(1)
            .allSatisfy(file -> assertThat(rights(file)).isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void aSecondRunIsToldWhoIsAtWork() throws IOException {
    try (OpenUploads first = open(NOW)) {
      assertThatThrownBy(() -> open(NOW))
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.BUSY))
          .hasMessageContaining(PLACE)
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining("since ");
      first.note(REPOSITORY, BLOB, UPLOAD);
    }
    open(NOW).close();
  }

  @Test
  void anotherDestinationHasAStateOfItsOwn() throws IOException {
    try (OpenUploads one = open(NOW);
        OpenUploads other = new StateFolder(folder).openUploads("harbor.example.com")) {
      one.note(REPOSITORY, BLOB, UPLOAD);
      assertThat(other.find(REPOSITORY, BLOB)).isEmpty();
    }
  }

  @Test
  void whatIsOlderThanAWeekIsDropped() throws IOException {
    note();
    try (OpenUploads later = open(NOW.plus(Duration.ofDays(7)))) {
      assertThat(later.find(REPOSITORY, BLOB)).isEmpty();
    }
    try (OpenUploads before = open(NOW.plus(Duration.ofDays(6)))) {
      assertThat(before.find(REPOSITORY, BLOB)).isPresent();
    }
  }

  @Test
  void aFileCutOffOrSpoiltAnywhereCountsAsNone() throws IOException {
    note();
    byte[] right = Files.readAllBytes(file());
    long seed = System.nanoTime();
    System.out.println("OpenUploadsTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      byte[] wrong = Arrays.copyOf(right, random.nextInt(right.length));
      if (round % 2 == 0) {
        wrong = right.clone();
        wrong[random.nextInt(wrong.length)] = (byte) random.nextInt(256);
      }
      Files.write(file(), wrong);
      try (OpenUploads uploads = open(NOW)) {
        // A spoilt location is for the registry to refuse.
        uploads
            .find(REPOSITORY, BLOB)
            .ifPresent(found -> assertThat(found.offset() > 0 && found.leastChunk() >= 0).isTrue());
        uploads.note(REPOSITORY, BLOB, UPLOAD);
      }
      assertThat(new String(Files.readAllBytes(file()), StandardCharsets.UTF_8))
          .contains(UPLOAD.location());
    }
  }

  @Test
  void anotherVersionCountsAsNone() throws IOException {
    note();
    Files.writeString(file(), Files.readString(file()).replace("\"schema\":1", "\"schema\":2"));
    try (OpenUploads uploads = open(NOW)) {
      assertThat(uploads.find(REPOSITORY, BLOB)).isEmpty();
    }
  }

  @Test
  void whereItCannotBeWrittenTheRunGoesOn() throws IOException {
    try (OpenUploads uploads = open(NOW)) {
      // A folder where the draft goes can't be opened for writing, by root neither.
      Files.createDirectories(file().resolveSibling(file().getFileName() + ".new/x"));
      uploads.note(REPOSITORY, BLOB, UPLOAD);
      assertThat(uploads.find(REPOSITORY, BLOB)).contains(UPLOAD);
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void aRunIsAfterABrokenOneUntilOneHasEndedWell() throws IOException {
    try (OpenUploads first = open(NOW)) {
      assertThat(first.isAfterBrokenRun()).isFalse();
    }
    try (OpenUploads second = open(NOW)) {
      assertThat(second.isAfterBrokenRun()).isTrue();
      second.endedWell();
      assertThat(second.isAfterBrokenRun()).isTrue();
    }
    try (OpenUploads third = open(NOW)) {
      assertThat(third.isAfterBrokenRun()).isFalse();
    }
  }

  @Test
  void whereNothingCanBeNotedEachRunCountsAsAfterABrokenOne() throws IOException {
    assertThat(OpenUploads.inMemory().isAfterBrokenRun()).isTrue();
    open(NOW).close();
    Path mark = file().resolveSibling("harbor.example.com%3A8443%2Fteam%2Fa.unfinished");
    Files.delete(mark);
    Files.createDirectories(mark.resolve("x"));
    try (OpenUploads uploads = open(NOW)) {
      assertThat(uploads.isAfterBrokenRun()).isTrue();
      uploads.endedWell();
    }
  }

  @Test
  void theUsersFolderIsWhereTheXdgSpecificationSays() {
    Path home = Path.of("/home/carol");
    assertThat(StateFolder.ofUser(Map.of(), home))
        .hasToString("/home/carol/.local/state/mirror-images");
    assertThat(StateFolder.ofUser(Map.of("XDG_STATE_HOME", "/var/state"), home))
        .hasToString("/var/state/mirror-images");
    assertThat(StateFolder.ofUser(Map.of("XDG_STATE_HOME", "state"), home))
        .hasToString("/home/carol/.local/state/mirror-images");
  }

  @Test
  void aLocationIsNotForMessages() {
    assertThat(UPLOAD.toString()).doesNotContain("_state");
  }

  private void note() throws IOException {
    try (OpenUploads uploads = open(NOW)) {
      uploads.note(REPOSITORY, BLOB, UPLOAD);
    }
  }

  private Path file() {
    return folder.resolve("uploads/harbor.example.com%3A8443%2Fteam%2Fa.json");
  }

  private OpenUploads open(Instant now) throws IOException {
    return new StateFolder(folder).openUploads(PLACE, InstantSource.fixed(now));
  }

  private static String rights(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
