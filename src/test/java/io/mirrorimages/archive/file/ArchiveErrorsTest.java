package io.mirrorimages.archive.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One line each: the file, what is wrong, what to do. */
class ArchiveErrorsTest {
  private final ArchiveErrors errors = new ArchiveErrors(Path.of("a.tar"));

  @Test
  void eachNamesTheFileAndWhatToDo() {
    assertThat(
            List.of(
                errors.corrupt("is odd"),
                errors.notTar(),
                errors.compressed("gzip", "gunzip a.tar"),
                errors.unfinished(),
                errors.truncated("early"),
                errors.badHeader(512),
                errors.damaged("index.json"),
                errors.refused("two ends"),
                errors.hostile("x\ny", "is a device"),
                errors.notLayout("no index")))
        .allMatch(e -> e.reason() == FailureKind.CORRUPT)
        .extracting(TransferException::getMessage)
        .containsExactly(
            "a.tar is odd",
            "a.tar is not a tar file: give the archive as save wrote it",
            "a.tar is compressed with gzip: decompress it first (gunzip a.tar)",
            "a.tar was not finished: run the same save again where it was begun, which resumes it",
            "a.tar ends early: it was not copied completely; copy it again and compare checksums",
            "a.tar is damaged at byte 512 (no tar header): copy it again and compare checksums",
            "a.tar is damaged in index.json: copy it again and compare checksums",
            "a.tar is refused: two ends",
            "a.tar is refused: \"x\\u000ay\" is a device",
            "a.tar is no OCI image layout: no index");
    assertThat(errors.zip()).hasMessageStartingWith("a.tar is not a tar file but a zip");
    assertThat(errors.missing("image a/b:1"))
        .hasMessage("a.tar has no image a/b:1")
        .extracting(TransferException::reason)
        .isEqualTo(FailureKind.MISSING);
  }
}
