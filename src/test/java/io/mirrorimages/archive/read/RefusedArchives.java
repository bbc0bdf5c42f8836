package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.nio.file.Path;

/** What all archives that are refused have in common. */
final class RefusedArchives {
  private RefusedArchives() {}

  /** It is refused as corrupt, in one line that begins with its path and says why. */
  static void assertRefused(Path file, String because) {
    assertThatThrownBy(() -> ArchiveReader.open(file).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
        .message()
        .startsWith(file.toString())
        .contains(because)
        .hasLineCount(1);
  }
}
